// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the module's ring to the store: decode, enrich, document, commit,
 * acknowledge, deliver, in this order. A finding that is not committed is not
 * acknowledged, so the module still has it. Outputs are served from the store
 * only; none of them can hold this up.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/json_out.h"
#include "arena.h"
#include "wxguardd.h"

/* Records per transaction: a flood pays for few commits, a crash repeats few. */
#define BATCH 512
/* After so long a slow reader of an output is asked again, at first. */
#define SLOW_MS 16

struct batch {
	struct wxguardd *d;
	unsigned int count;
	uint64_t last_seq, lost_total;
	int store_error;
	uint64_t time[BATCH];	/* of the findings in it, ns since 1970 */
	unsigned int findings;
};

/* Told once; the module keeps what cannot be committed. */
static int store_failed(struct wxguardd *d, int error)
{
	if (!d->store_broken)
		say(CONFIG_ERROR, "%s in %.200s; findings stay in the module until it can be written",
		    store_error(d->store), d->config.store);
	d->store_broken = true;
	return error;
}

/* Gives up @json. */
static int add_record(struct wxguardd *d, struct store_record *record, json_t *json)
{
	size_t len = 0;
	char *line = json ? json_line(json, &len) : NULL;
	int error = -ENOMEM;

	record->id = json_string_value(json_object_get(json_object_get(json, "event"), "id"));
	record->json = line;
	record->json_len = len;
	if (line && record->id)
		error = store_record_add(d->store, record);
	free(line);
	arena_drop(json);
	return error;
}

static int batch_begin(struct batch *batch)
{
	int error;

	batch->d->context.created = clock_real_ns();
	batch->d->context.lost_total = batch->lost_total;
	if (batch->count)
		return 0;
	error = store_begin(batch->d->store);
	if (error)
		batch->store_error = store_failed(batch->d, error);
	return error;
}

static int batch_end(struct batch *batch)
{
	struct wxguardd *d = batch->d;
	unsigned int i, findings = batch->findings;
	uint64_t now;
	int error;

	if (!batch->count)
		return 0;
	batch->count = batch->findings = 0;
	error = store_meta_set_u64(d->store, STORE_META_LAST_SEQ, batch->last_seq);
	if (!error)
		error = store_meta_set_u64(d->store, STORE_META_LOST_TOTAL, batch->lost_total);
	if (!error)
		error = sinks_save(d->sinks, d->store);
	if (!error)
		error = store_commit(d->store);
	if (error) {
		batch->store_error = store_failed(d, error);
		store_rollback(d->store);
		sinks_unsave(d->sinks);
		return error;
	}
	if (d->store_broken)
		say(CONFIG_INFO, "%.200s can be written again", d->config.store);
	d->store_broken = false;
	d->last_seq = batch->last_seq;
	d->lost_total = batch->lost_total;
	error = client_ack(d->control, d->last_seq);
	if (error)	/* the same numbers are acknowledged with the next batch */
		say(CONFIG_DEBUG, "acknowledging: %s", client_error(d->control));
	collect_deliver(d);
	now = clock_real_ns();
	for (i = 0; i < findings; i++)
		metrics_told(&d->metrics, batch->time[i], now);
	return 0;
}

static int batch_fail(struct batch *batch, int error)
{
	batch->store_error = store_failed(batch->d, error);
	store_rollback(batch->d->store);
	batch->count = batch->findings = 0;
	return error;
}

/* A record was added, or @error says why not. */
static int batch_added(struct batch *batch, int error)
{
	if (error)
		return batch_fail(batch, error);
	return ++batch->count < BATCH ? 0 : batch_end(batch);
}

/* What further sightings there were stands with the first one, too. */
static int add_repeat(struct wxguardd *d, const struct finding *finding)
{
	char id[ECS_EVENT_ID_MAX];

	if (!finding->repeat_of)
		return 0;
	ecs_event_id(&d->context, finding->repeat_of, id);
	return store_record_repeat(d->store, id, finding->repeat_count,
				   finding->repeat_last);
}

/* Beside the record, for whoever reads only the daemon's own sentences. */
static void say_tamper(const struct finding *finding, const json_t *document)
{
	const char *message = json_string_value(json_object_get(document, "message"));

	if (finding->class == WXGUARD_CLASS_SENSOR_TAMPER && message)
		say(CONFIG_ERROR, "finding %" PRIu64 ": %.800s", finding->seq, message);
}

/* What is true now, and soon not any more, as a line; NULL = nothing. */
static char *take_moment(struct wxguardd *d, const struct finding *finding, const char *id,
			 size_t *len)
{
	json_t *moment = moment_take(&d->moments, finding, clock_boot_ns());
	json_t *payload = evidence_take(d, finding, id);
	char *line;

	if (payload && !moment)
		moment = json_object();
	if (payload)
		json_put(moment, "payload", payload);
	line = moment ? json_line(moment, len) : NULL;
	json_decref(moment);
	return line;
}

/* Before anything is made of them: what is hidden is in no output and no store. */
static void hide_arguments(struct wxguardd *d, struct finding *finding)
{
	struct bytes *args = &finding->process.args;

	/* They lie in the finding's own buffer, which nobody else has. */
	if (args->data)
		args->len = redact_args(&d->config.redact, (uint8_t *)args->data, args->len);
}

static int on_finding(struct finding *finding, void *arg)
{
	struct batch *batch = arg;
	struct wxguardd *d = batch->d;
	struct store_record record = { .kind = STORE_FINDING };
	json_t *document;
	char *moment = NULL, id[ECS_EVENT_ID_MAX];
	size_t moment_len = 0;
	int error = batch_begin(batch);

	if (error)
		goto out;
	batch->last_seq = finding->seq;
	finding->seq += d->seq_base;
	if (finding->repeat_of)
		finding->repeat_of += d->seq_base;
	d->known_dirty |= finding->has_window;
	ecs_event_id(&d->context, finding->seq, id);
	/* Before all else: the process may not be there for long. */
	moment = take_moment(d, finding, id, &moment_len);
	hash_executable(d->hash, finding);
	names_enrich(d->names, finding);
	hide_arguments(d, finding);
	pin_finding(&d->pins, finding);
	record.number = finding->seq;
	record.time = finding->time_real;
	record.class = finding->class;
	record.verdict = finding->verdict;
	record.mode = finding->mode;
	record.pid = finding->process.pid;
	record.uid = finding->process.uid;
	record.comm = finding->process.comm;
	record.exe = finding->process.exe;
	record.unit = store_unit(finding->process.cgroup);
	record.container = finding->extra.container_id;
	error = add_repeat(d, finding);
	if (error) {
		batch_fail(batch, error);
		goto out;
	}
	arena_begin();
	document = ecs_document(finding, &d->context);
	say_tamper(finding, document);
	error = add_record(d, &record, document);
	arena_end();
	if (!error && moment)
		error = store_moment_put(d->store, id, moment, moment_len);
	if (!error) {
		metrics_finding(&d->metrics, finding->class, finding->verdict, finding->time_real);
		batch->time[batch->findings++] = finding->time_real;
	}
	error = batch_added(batch, error);
out:
	free(moment);
	finding_free(finding);
	return error;
}

static int on_loss(const struct finding_loss *loss, void *arg)
{
	struct batch *batch = arg;
	struct wxguardd *d = batch->d;
	struct store_record record = { .kind = STORE_LOSS };
	struct finding_loss numbered = { loss->first + d->seq_base,
					 loss->last + d->seq_base };
	int error;

	batch->lost_total += loss->last - loss->first + 1;
	error = batch_begin(batch);
	if (error)
		return error;
	say(CONFIG_WARNING, "%" PRIu64 " findings, numbers %" PRIu64 " to %" PRIu64
	    ", were lost before they could be read", loss->last - loss->first + 1,
	    numbered.first, numbered.last);
	batch->last_seq = loss->last;
	record.number = numbered.first;
	record.time = d->context.created;
	return batch_added(batch, add_record(d, &record, ecs_loss(&numbered, &d->context)));
}

int collect(struct wxguardd *d)
{
	struct batch batch = {
		.d = d, .last_seq = d->last_seq, .lost_total = d->lost_total,
	};
	int error = client_findings(d->dump, d->last_seq, on_finding, on_loss, &batch);

	/* What came before an error of the connection is whole: keep it. */
	if (!batch.store_error)
		batch_end(&batch);
	if (batch.store_error)
		return batch.store_error;
	if (error)
		link_failed(d, d->dump);
	return error;
}

void collect_notice(struct wxguardd *d, enum ecs_notice notice, const char *reason)
{
	struct store_record record = { .kind = STORE_NOTICE };
	int error;

	d->context.created = clock_real_ns();
	d->context.lost_total = d->lost_total;
	record.time = d->context.created;
	error = add_record(d, &record, ecs_notice(notice, reason, &d->context));
	if (error)
		store_failed(d, error);
}

int collect_change(struct wxguardd *d, enum ecs_notice notice, const char *reason,
		   const struct ecs_change *change)
{
	struct store_record record = { .kind = STORE_NOTICE };
	int error;

	d->context.created = clock_real_ns();
	d->context.lost_total = d->lost_total;
	record.time = d->context.created;
	error = add_record(d, &record, ecs_change(notice, reason, change, &d->context));
	return error ? store_failed(d, error) : 0;
}

/* Said when it begins and when it ends, also in the stream. */
static int tell_output(struct wxguardd *d, struct sink *sink, int error)
{
	char reason[512];

	if (error && error != -EAGAIN && !sink->degraded) {
		sink->degraded = true;
		snprintf(reason, sizeof(reason), "output %s: %.380s; what it misses is kept in the store and written later",
			 sink->ops->name, sink->why);
		say(CONFIG_ERROR, "%s", reason);
		collect_notice(d, ECS_NOTICE_OUTPUT_DEGRADED, reason);
	} else if (!error && sink->degraded) {
		sink->degraded = false;
		snprintf(reason, sizeof(reason), "output %s: everything that it missed is written",
			 sink->ops->name);
		say(CONFIG_INFO, "%s", reason);
		collect_notice(d, ECS_NOTICE_OUTPUT_RECOVERED, reason);
		error = -EAGAIN;	/* once more, for the notice */
	}
	return error;
}

/* A slow reader is asked again soon while it reads, and ever later while not. */
static uint32_t next_wait(const struct wxguardd *d, bool slow, bool moved)
{
	uint32_t ms = d->output_wait_ms;

	if (!slow)
		return RETRY_MS;
	if (moved || !ms)
		return SLOW_MS;
	return ms < RETRY_MS / 2 ? 2 * ms : RETRY_MS;
}

void collect_deliver(struct wxguardd *d)
{
	bool slow = false, moved = false;
	int i, error;

	d->output_waits = false;
	for (i = 0; i < SINK_COUNT; i++) {
		struct sink *sink = &d->sinks[i];
		int64_t row = sink->place.row, ahead = sink->ahead;

		error = tell_output(d, sink, sink_pump(sink, d->store));
		d->output_waits |= error != 0;
		slow |= error == -EAGAIN;
		moved |= sink->place.row != row || sink->ahead != ahead;
	}
	d->output_wait_ms = d->output_waits ? next_wait(d, slow, moved) : 0;
}
