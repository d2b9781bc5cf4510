-- Any new value asks for a look at Cognito; status.lastHandledSyncRequest repeats it afterwards.
local os = require("os")

obj.metadata.annotations = obj.metadata.annotations or {}
obj.metadata.annotations["cognito-operator.io/sync-requested-at"] = os.date("!%Y-%m-%dT%H:%M:%SZ")
return obj
