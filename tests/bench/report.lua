-- For wrk: with the word "fresh", another query for each request; at the end, one line of JSON.

local asked = 0

function init(words)
  if words[1] == "fresh" then
    local path = wrk.path
    request = function()
      asked = asked + 1
      return wrk.format("GET", path .. "?n=" .. asked)
    end
  end
end

function done(summary, latency)
  local faults = summary.errors
  local bad = faults.connect + faults.read + faults.write + faults.status + faults.timeout
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "p99_ms": %.3f, "bad": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3, bad))
end
