local annotations = obj.metadata.annotations or {}
annotations["cognito-operator.io/paused"] = nil
-- Argo CD puts back what became empty: to remove the last annotation, remove them all.
if next(annotations) == nil then
  obj.metadata.annotations = nil
end
return obj
