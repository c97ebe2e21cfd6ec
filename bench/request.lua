-- One request over and over, or those of many users in turn, given by the environment; the result as one line of JSON.
wrk.method = os.getenv("BENCH_METHOD") or "GET"
wrk.body = os.getenv("BENCH_BODY")
if os.getenv("BENCH_COOKIE") then wrk.headers["Cookie"] = os.getenv("BENCH_COOKIE") end
if wrk.body then wrk.headers["Content-Type"] = "application/json" end

-- A pause before each request turns wrk's "as fast as possible" into a load below saturation.
local pause = tonumber(os.getenv("BENCH_PAUSE_MS") or "0")
if pause > 0 then
  function delay() return pause end
end

-- A file with one `path<TAB>cookie` a line.
local targets = os.getenv("BENCH_TARGETS")
if targets then
  local requests, last = {}, 0
  function init()
    for line in io.lines(targets) do
      local path, cookie = line:match("^(%S+)\t(.*)$")
      requests[#requests + 1] = wrk.format("GET", path, {Cookie = cookie, Host = wrk.host})
    end
  end
  function request()
    last = last % #requests + 1
    return requests[last]
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"p50":%.0f,"p99":%.0f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
