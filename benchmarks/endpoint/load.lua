-- What wrk sends, and when each answer came.
--
--   wrk -t N -c N -s load.lua URL -- TARGETS ACCEPT LABEL MOST
--
-- TARGETS   file with one request target a line, percent-encoded; they are sent in turn
-- ACCEPT    value of the header field
-- LABEL     makes every query a new text by a comment at its end; empty: the same texts again
-- MOST      how many requests each thread sends at most
--
-- Each thread must have one connection, so that a request and the next response belong
-- together. Latencies are measured here, because wrk "corrects" its own for a constant
-- rate, which a mix of fast and slow queries does not have.

local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanoseconds; } moment; int clock_gettime(int, moment *);")
local CLOCK_MONOTONIC = 1
local moment = ffi.new("moment")

local function clock_microseconds()
  ffi.C.clock_gettime(CLOCK_MONOTONIC, moment)
  return tonumber(moment.seconds) * 1e6 + tonumber(moment.nanoseconds) / 1e3
end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

function init(arguments)
  heads = {}
  for target in io.lines(arguments[1]) do
    table.insert(heads, "GET " .. target)
  end
  tail = " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\nAccept: " .. arguments[2] .. "\r\n\r\n"
  label = arguments[3]
  most = tonumber(arguments[4])
  -- Threads begin at different queries, so that the slow ones do not meet.
  turn = (number - 1) * 7
  sent = 0
  which = {}
  latency = {}
  failures = 0
  status_of_failure = 0
  began = 0
  ended = 0
end

function request()
  current = turn % #heads + 1
  turn = turn + 1
  sent = sent + 1
  local comment = ""
  if label ~= "" then
    comment = "%0A%23" .. label .. "-" .. number .. "-" .. sent
  end
  local text = heads[current] .. comment .. tail
  sent_at = clock_microseconds()
  if began == 0 then
    began = sent_at
  end
  return text
end

function response(status, headers, body)
  ended = clock_microseconds()
  if status == 200 then
    table.insert(which, current)
    table.insert(latency, math.floor(ended - sent_at))
  else
    failures = failures + 1
    status_of_failure = status
  end
  if sent >= most then
    wrk.thread:stop()
  end
end

function done(summary, _, _)
  local errors = summary.errors
  print("@errors " .. errors.connect + errors.read + errors.write + errors.timeout)
  for _, thread in ipairs(threads) do
    print(string.format(
      "@thread %d %d %d", thread:get("ended") - thread:get("began"),
      thread:get("failures"), thread:get("status_of_failure")
    ))
    print("@which " .. table.concat(thread:get("which"), " "))
    print("@latency " .. table.concat(thread:get("latency"), " "))
  end
end
