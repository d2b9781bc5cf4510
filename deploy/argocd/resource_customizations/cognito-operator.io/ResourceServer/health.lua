-- ResourceServer follows kstatus:
-- https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
-- Degraded fails a sync at once, so it is only what somebody has to mend.
local WAITING = "Waiting for the operator"

if obj.status == nil or obj.status.conditions == nil then
  return { status = "Progressing", message = WAITING }
end

local holds = {}
local message = WAITING
for _, condition in ipairs(obj.status.conditions) do
  holds[condition.type] = condition.status == "True"
  if condition.type == "Ready" then
    message = condition.reason .. ": " .. condition.message
  end
end

if holds.Paused then
  return { status = "Suspended", message = message }
end
if obj.status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = WAITING .. " to see the latest change" }
end
if holds.Stalled then
  return { status = "Degraded", message = message }
end
if holds.Ready and not holds.Reconciling then
  return { status = "Healthy", message = message }
end
return { status = "Progressing", message = message }
