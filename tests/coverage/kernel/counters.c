// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes what gcc counted in this module, object by object, each as the file
 * that gcov reads: name and data behind their lengths. PROCESS context.
 */
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "counters.h"

#if __GNUC__ != 12
#error "the structures below are those of gcc 12"
#endif

#define KINDS 8

#define MAGIC_DATA	0x67636461
#define TAG_FUNCTION	0x01000000
#define TAG_COUNTER(kind)	(0x01a10000 + ((kind) << 17))

struct counters {
	u32 count;
	const u64 *value;
};

struct function {
	const struct object *object;
	u32 ident;
	u32 line_sum;
	u32 flow_sum;
	struct counters counters[];	/* one of each kind that the object has */
};

struct object {
	u32 version;
	const struct object *next;
	u32 stamp;
	u32 sum;
	const char *file;
	const void *merge[KINDS];	/* NULL: the object has none of this kind */
	u32 functions;
	const struct function *const *function;
};

/* Named by each object; only a program would call it. */
void __gcov_merge_add(u64 *values, u32 count);
void __gcov_merge_add(u64 *values, u32 count)
{
}

/* Counts only, while to is NULL. */
struct writer {
	u8 *to;
	size_t len;
};

static void put(struct writer *writer, const void *data, size_t len)
{
	if (writer->to)
		memcpy(writer->to + writer->len, data, len);
	writer->len += len;
}

static void put_u32(struct writer *writer, u32 value)
{
	put(writer, &value, sizeof(value));
}

static void put_function(struct writer *writer, const struct object *object,
			 const struct function *function)
{
	const struct counters *counters = function->counters;
	u32 kind;

	put_u32(writer, TAG_FUNCTION);
	put_u32(writer, 3 * sizeof(u32));
	put_u32(writer, function->ident);
	put_u32(writer, function->line_sum);
	put_u32(writer, function->flow_sum);
	for (kind = 0; kind < KINDS; kind++) {
		if (!object->merge[kind])
			continue;
		put_u32(writer, TAG_COUNTER(kind));
		put_u32(writer, counters->count * sizeof(u64));
		put(writer, counters->value, counters->count * sizeof(u64));
		counters++;
	}
}

static void put_data(struct writer *writer, const struct object *object)
{
	u32 i;

	put_u32(writer, MAGIC_DATA);
	put_u32(writer, object->version);
	put_u32(writer, object->stamp);
	put_u32(writer, object->sum);
	for (i = 0; i < object->functions; i++)
		put_function(writer, object, object->function[i]);
}

static void put_object(struct writer *writer, const struct object *object)
{
	struct writer size = { NULL };

	put_u32(writer, strlen(object->file));
	put(writer, object->file, strlen(object->file));
	put_data(&size, object);
	put_u32(writer, size.len);
	put_data(writer, object);
}

static void put_all(struct writer *writer)
{
	const void *const *at = &wxg_counters_first;

	/* Neither end is of an object; nor is what aligns a section. */
	for (; at < &wxg_counters_last; at++)
		if (*at)
			put_object(writer, *at);
}

void wxg_counters_write(void)
{
	struct writer writer = { NULL };
	loff_t at = 0;
	struct file *file;
	char name[64];
	size_t size;

	put_all(&writer);
	size = writer.len;
	/* Not one of those that the storm of failing allocations looks for. */
	writer.to = vmalloc(size);
	writer.len = 0;
	if (writer.to)
		put_all(&writer);
	snprintf(name, sizeof(name), "/out/gcov/counters-%llu", ktime_get_ns());
	file = filp_open(name, O_CREAT | O_EXCL | O_WRONLY, 0600);
	if (IS_ERR(file) || kernel_write(file, writer.to, writer.len, &at) != size)
		pr_err("what was counted could not be written to %s\n", name);
	if (!IS_ERR(file))
		filp_close(file, NULL);
	vfree(writer.to);
}

/* Of a module that stays: reading this writes. */
static int read_counters(char *buffer, const struct kernel_param *param)
{
	wxg_counters_write();
	return sprintf(buffer, "written\n");
}

static const struct kernel_param_ops counters_ops = {
	.get = read_counters,
};
module_param_cb(counters, &counters_ops, NULL, 0400);
