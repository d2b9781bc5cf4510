local annotations = obj.metadata.annotations or {}
local paused = annotations["cognito-operator.io/paused"] == "true"

return {
  ["sync-now"] = { disabled = paused, displayName = "Sync now", iconClass = "fa fa-fw fa-sync" },
  ["pause"] = { disabled = paused, displayName = "Pause", iconClass = "fa fa-fw fa-pause" },
  ["resume"] = { disabled = not paused, displayName = "Resume", iconClass = "fa fa-fw fa-play" },
}
