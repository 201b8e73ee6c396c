// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sentences with values in them for the extended ack. PROCESS context; may
 * sleep; called with no lock of ours held.
 *
 * The ack keeps a pointer to its text, not a copy, and is sent after our
 * handler has returned; a kernel-side buffer exists only since 6.3 and holds
 * 80 bytes. So a sentence lives here from its first use until the family is
 * gone. The same sentence is kept once, and there is room for a bounded
 * number of them: only an administrator can make us say any.
 */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "genl_priv.h"

#define TEXTS_MAX	256
#define TEXT_SIZE	256

static DEFINE_MUTEX(texts_lock);
static const char *texts[TEXTS_MAX];
static unsigned int texts_count;

/* Return: a copy that lives as long as the family, NULL if there is no room. */
static const char *intern(const char *text)
{
	const char *kept = NULL;
	unsigned int i;

	mutex_lock(&texts_lock);
	for (i = 0; i < texts_count && !kept; i++)
		if (!strcmp(texts[i], text))
			kept = texts[i];
	if (!kept && texts_count < TEXTS_MAX) {
		kept = kstrdup(text, GFP_KERNEL);
		if (kept)
			texts[texts_count++] = kept;
	}
	mutex_unlock(&texts_lock);
	return kept;
}

int wxg_genl_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		    int error, const char *fmt, ...)
{
	char text[TEXT_SIZE];
	va_list args;

	if (!extack)
		return error;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	NL_SET_BAD_ATTR(extack, attr);
	extack->_msg = intern(text);
	if (!extack->_msg)
		extack->_msg = "a value is not valid; the module has no room left to say which one and why (too many different refusals since it was loaded)";
	return error;
}

void wxg_genl_text_exit(void)
{
	while (texts_count)
		kfree(texts[--texts_count]);
}
