// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The module counts its findings from 1 at each load; event.id must not repeat
 * within a boot, nor a finding be read twice. Runs at each connection, before
 * the first finding is read.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "wxguardd.h"

static uint64_t meta_number(struct wxguardd *d, const char *key)
{
	uint64_t number;

	return store_meta_get_u64(d->store, key, &number) ? 0 : number;
}

static int save(struct wxguardd *d)
{
	int error = store_begin(d->store);

	if (!error)
		error = store_meta_set(d->store, STORE_META_BOOT_ID, d->context.boot_id);
	if (!error)
		error = store_meta_set_u64(d->store, STORE_META_INSTANCE, d->instance);
	if (!error)
		error = store_meta_set_u64(d->store, STORE_META_SEQ_BASE, d->seq_base);
	if (!error)
		error = store_meta_set_u64(d->store, STORE_META_LAST_SEQ, d->last_seq);
	if (!error)
		error = store_meta_set_u64(d->store, STORE_META_LOST_TOTAL, d->lost_total);
	if (!error)
		error = store_commit(d->store);
	if (error) {
		say(CONFIG_ERROR, "%s", store_error(d->store));
		store_rollback(d->store);
	}
	return error;
}

/*
 * The base is also kept beside the lock, where it lasts as long as the boot:
 * a database that had to be set aside takes its own copy with it.
 */
static uint64_t remembered_base(uint64_t instance)
{
	uint64_t of = 0, base = 0;
	FILE *in = fopen(NUMBERS_PATH, "re");

	if (!in)
		return 0;
	if (fscanf(in, "%" SCNu64 " %" SCNu64, &of, &base) != 2 || of != instance)
		base = 0;
	fclose(in);
	return base;
}

static void remember_base(const struct wxguardd *d)
{
	FILE *out = fopen(NUMBERS_PATH, "we");

	if (!out)
		return;
	fprintf(out, "%" PRIu64 " %" PRIu64 "\n", d->instance, d->seq_base);
	if (fclose(out))
		say(CONFIG_DEBUG, "cannot write " NUMBERS_PATH);
}

int numbers_settle(struct wxguardd *d, const struct client_status *status,
		   bool *module_is_new)
{
	char boot_id[64];
	bool fresh = store_meta_get(d->store, STORE_META_BOOT_ID, boot_id, sizeof(boot_id));
	bool same_boot = !fresh && !strcmp(boot_id, d->context.boot_id);
	int error;

	d->last_seq = same_boot ? meta_number(d, STORE_META_LAST_SEQ) : 0;
	d->seq_base = same_boot ? meta_number(d, STORE_META_SEQ_BASE) : 0;
	d->lost_total = same_boot ? meta_number(d, STORE_META_LOST_TOTAL) : 0;
	*module_is_new = !same_boot ||
			 meta_number(d, STORE_META_INSTANCE) != d->instance ||
			 status->seq < d->last_seq;
	if (fresh) {	/* an earlier database has what is acknowledged */
		d->last_seq = status->acked;
		d->seq_base = remembered_base(d->instance);
	} else if (*module_is_new) {
		d->seq_base += d->last_seq;
		d->last_seq = 0;
	}
	error = save(d);
	if (!error)
		remember_base(d);
	return error;
}
