/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What core/ needs from its surroundings, in the kernel and in user space.
 * The only header in core/ that looks outside, apart from the UAPI.
 */
#ifndef _WXG_CORE_PORT_H
#define _WXG_CORE_PORT_H

#ifdef __KERNEL__
#include <linux/types.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/sort.h>
#define wxg_sort(base, count, size, compare) \
	sort(base, count, size, compare, NULL)
#else
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define wxg_sort qsort
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif
#endif

#include <uapi/linux/wxguard.h>

#endif
