# SPDX-License-Identifier: GPL-2.0-or-later
"""A callback through ctypes: libffi makes a function at run time."""

import ctypes

NUMBERS = (ctypes.c_int * 3)(3, 1, 2)
COMPARE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int),
                           ctypes.POINTER(ctypes.c_int))
ctypes.CDLL(None).qsort(NUMBERS, 3, 4, COMPARE(lambda a, b: a[0] - b[0]))
assert list(NUMBERS) == [1, 2, 3]
print("done")
