-- Sends the requests of a file, one after the other, from the beginning again at its end; each thread begins elsewhere.
-- A line: method, path, cookie, address of the asking person, body; tabs between them.
-- With the word "look" every answer is read: how many came from a cache, of which status they were, how many ask to
-- sign in.
local requests, at = {}, 0
local threads = {}
hits, misses, away, statuses = 0, 0, 0, ""
local seen = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

function init(args)
  for line in io.lines(args[1]) do
    local method, path, cookie, who, body = line:match("^(.-)\t(.-)\t(.-)\t(.-)\t(.*)$")
    local headers = { ["Host"] = wrk.host .. ":" .. wrk.port, ["Accept-Encoding"] = "gzip", ["Accept-Language"] = "de" }
    if cookie ~= "" then headers["Cookie"] = cookie end
    if who ~= "" then headers["X-Forwarded-For"] = who end
    if method ~= "GET" then headers["Content-Type"] = "application/x-www-form-urlencoded" end
    table.insert(requests, wrk.format(method, path, headers, body ~= "" and body or nil))
  end
  at = math.floor(#requests * ((number - 1) / 2) + tonumber(args[2] or 0)) % #requests
  if args[3] == "look" then
    response = function(status, headers)
      seen[status] = (seen[status] or 0) + 1
      local cache = headers["Cache-Status"] or headers["cache-status"] or ""
      if cache:find("hit") then hits = hits + 1 elseif cache ~= "" then misses = misses + 1 end
      local place = headers["Location"] or headers["location"] or ""
      if place:find("/login", 1, true) then away = away + 1 end
      statuses = ""
      for code, times in pairs(seen) do statuses = statuses .. code .. ":" .. times .. " " end
    end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, _)
  local hit, miss, asked, text = 0, 0, 0, ""
  for _, thread in ipairs(threads) do
    hit, miss = hit + thread:get("hits"), miss + thread:get("misses")
    asked = asked + thread:get("away")
    text = text .. thread:get("statuses")
  end
  local errors = summary.errors
  io.write(string.format(
    'BENCH {"requests": %d, "seconds": %.4f, "p50": %.3f, "p95": %.3f, "p99": %.3f, "bytes": %d, "failed": %d, '
      .. '"broken": %d, "hits": %d, "misses": %d, "away": %d, "statuses": "%s"}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000, summary.bytes, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, hit, miss, asked, text))
end
