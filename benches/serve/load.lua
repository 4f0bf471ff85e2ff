-- Posts the texts of a file, one JSON body a line, in turn; prints what the bench reads.
local bodies, next_body = {}, 0
for line in io.lines(os.getenv("BODIES")) do
  bodies[#bodies + 1] = line
end
local headers = { ["Content-Type"] = "application/json" }

function request()
  if os.getenv("ASK") == "health" then
    return wrk.format("GET", "/health")
  end
  next_body = next_body % #bodies + 1
  return wrk.format("POST", "/diagnose", headers, bodies[next_body])
end

function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("RESULT %.1f %.3f %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(99) / 1000, failed))
end
