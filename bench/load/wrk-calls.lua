-- Owns: the calls that wrk makes, its keys in turn, and its result as one line. Not: who is called (the command line).

local calls = {}
local turn = 0

function init()
  wrk.method = "POST"
  wrk.body = os.getenv("BENCH_BODY")
  wrk.headers["content-type"] = "application/json"
  for key in string.gmatch(os.getenv("BENCH_KEYS"), "[^,]+") do
    wrk.headers["authorization"] = "Bearer " .. key
    calls[#calls + 1] = wrk.format()
  end
end

function request()
  turn = turn % #calls + 1
  return calls[turn]
end

function done(summary, latency)
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    'bench-result {"requests":%d,"durationUs":%d,"notOk":%d,"broken":%d,"latencyUsP50":%d,"latencyUsP99":%d}\n',
    summary.requests, summary.duration, errors.status, broken, latency:percentile(50), latency:percentile(99)
  ))
end
