-- Lua 5.1 as Argo CD opens it: the base and the table library, and `os` on request. Defines
-- `run(script, obj)`, which writes what the script returns as a line of JSON.
local gsub, write, date = string.gsub, io.write, os.date
getmetatable("").__index = nil

local function quoted(text)
  return '"' .. gsub(gsub(text, '[\\"]', "\\%0"), "\n", "\\n") .. '"'
end

local encode

local function encodeTable(value)
  local items, fields = {}, {}
  for key, item in pairs(value) do
    if type(key) == "number" then
      items[key] = encode(item)
    else
      table.insert(fields, quoted(key) .. ":" .. encode(item))
    end
  end
  if #fields > 0 then
    return "{" .. table.concat(fields, ",") .. "}"
  end
  return "[" .. table.concat(items, ",") .. "]"
end

function encode(value)
  if type(value) == "table" then
    return encodeTable(value)
  end
  if type(value) == "string" then
    return quoted(value)
  end
  return value == nil and "null" or tostring(value)
end

local function safeOs(now)
  return {
    date = function(format) return date(format, now) end,
    time = function() return now end,
  }
end

local BASE = {
  "assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall", "print", "rawequal",
  "rawget", "rawset", "select", "setmetatable", "table", "tonumber", "tostring", "type", "unpack",
}

local function environment(obj, now)
  local env = { obj = obj }
  for _, name in ipairs(BASE) do
    env[name] = _G[name]
  end
  env.require = function(name)
    assert(name == "os", "module not found")
    return safeOs(now)
  end
  return env
end

function run(script, obj, now)
  local chunk = assert(loadstring(script))
  setfenv(chunk, environment(obj, now))
  write(encode(chunk()), "\n")
end
