obj.metadata.annotations = obj.metadata.annotations or {}
obj.metadata.annotations["cognito-operator.io/paused"] = "true"
return obj
