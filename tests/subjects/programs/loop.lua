-- SPDX-License-Identifier: GPL-2.0-or-later
-- A loop that the JIT compiles, and a callback, which is code made at run time.
local ffi = require("ffi")
local sum = 0
for i = 0, 299999 do
	sum = (sum * 31 + i) % 1000003
end
ffi.cdef("void qsort(void *, size_t, size_t, int (*)(const int *, const int *));")
local numbers = ffi.new("int[3]", 3, 1, 2)
ffi.C.qsort(numbers, 3, 4, function(a, b) return a[0] - b[0] end)
assert(numbers[0] == 1 and numbers[2] == 3)
print(("done %d"):format(sum))
