local annotations = obj.metadata.annotations or {}
annotations["cognito-operator.io/paused"] = nil
-- Older releases of Argo CD put back what became empty: the last one has to go with its map.
if next(annotations) == nil then
  obj.metadata.annotations = nil
end
return obj
