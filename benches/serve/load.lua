-- Posts the texts of a file, one JSON body a line, in turn; prints what the bench reads.
local bodies, next_body = {}, 0
for line in io.lines(os.getenv("BODIES")) do
  bodies[#bodies + 1] = line
end
-- Each thread of wrk has a state, and so a seed, of its own.
local serial, seed = 0, tostring({}) .. os.time()
local headers = { ["Content-Type"] = "application/json" }

function request()
  if os.getenv("ASK") == "health" then
    return wrk.format("GET", "/health")
  end
  next_body = next_body % #bodies + 1
  local body = bodies[next_body]
  if os.getenv("ASK") == "new" then
    serial = serial + 1
    body = body:sub(1, -3) .. string.format("\\nrequest %s-%d took %d ms\"}", seed, serial, serial % 977)
  end
  return wrk.format("POST", "/diagnose", headers, body)
end

function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("RESULT %.1f %.3f %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(99) / 1000, failed))
end
