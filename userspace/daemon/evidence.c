// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The payload of a finding, digested as soon as the finding is read, and kept
 * where the configuration says so; and the memory of a finding, copied by the
 * copier. Runs in the daemon's only thread, so it takes a bounded part of its
 * time and never reads from a file system that could keep it waiting. Whatever
 * fails is said beside the finding and holds nothing up.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../../module/core/classify.h"
#include "../lib/exe_file.h"
#include "../lib/json_out.h"
#include "../lib/json_text.h"
#include "../lib/payload.h"
#include "evidence_impl.h"
#include "wxguardd.h"

/* A quarter of the time, and what was not used for so long. */
#define SHARE 4
#define LEFT_MAX UINT64_C(500000000)
/* One payload may have half of the room, and so much: the daemon waits for it. */
#define ONE_MAX (UINT64_C(64) << 20)

static json_t *missing(const char *why)
{
	return json_pack("{s:s}", "missing", why);
}

/* As the module decides what it holds. */
static bool has_payload(const struct finding *finding)
{
	if (finding_is_repeat(finding))
		return false;
	if (finding->has_exec)
		return wxg_origin_is_fileless(finding->exec_origin) ||
		       finding->class == WXGUARD_CLASS_EXEC_UNLINKED ||
		       finding->class == WXGUARD_CLASS_EXEC_ARG_MEMORY;
	return finding->has_memory && finding->memory_file.present &&
	       wxg_origin_is_fileless(finding->memory_origin);
}

static uint64_t room_for_one(const struct wxguardd *d)
{
	uint64_t half = d->config.evidence_size / 2;

	return half < ONE_MAX ? half : ONE_MAX;
}

/* NULL: it can be read at once. */
static const char *why_not_read(int fd, uint64_t *size)
{
	struct statfs fs;
	struct stat st;

	if (fstat(fd, &st) || fstatfs(fd, &fs))
		return "it cannot be looked at";
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	*size = (uint64_t)st.st_size;
	return hash_is_local((uint32_t)fs.f_type) ? NULL : "not on a local file system";
}

static json_t *told(const struct payload *payload, bool kept)
{
	char hex[EXE_FILE_HEX_MAX];

	exe_file_hex(payload->sha256, hex);
	return json_pack("{s:s, s:o, s:b}", "sha256", hex, "size",
			 json_number(payload->size), "kept", kept);
}

/* Into the folder. 0 or -errno. */
static int keep(struct wxguardd *d, int fd, const char *id, struct payload *payload)
{
	char name[EVIDENCE_NAME_MAX];
	int folder, to, error = evidence_name(id, EVIDENCE_PAYLOAD, name);

	if (error)
		return error;
	folder = evidence_open_folder(d->config.store);
	if (folder < 0)
		return folder;
	to = evidence_begin(folder, name);
	error = to < 0 ? to : payload_copy(fd, to, room_for_one(d), NULL, NULL, payload, 0);
	if (!error && d->config.fsync && fdatasync(to))
		error = -errno;
	if (!error)
		error = evidence_commit(folder, name);
	if (error && to >= 0)
		evidence_abandon(folder, name);
	if (!error) {
		evidence_count(&d->evidence, payload->size);
		evidence_bound(folder, &d->evidence, d->config.evidence_size);
	}
	if (to >= 0)
		close(to);
	close(folder);
	return error;
}

/* Kept if it is to be, and digested in any case. */
static json_t *read_payload(struct wxguardd *d, int fd, const char *id, uint64_t number)
{
	uint64_t size = 0;
	const char *why = why_not_read(fd, &size);
	struct payload payload;
	int error = -ENOENT;

	if (why)
		return missing(why);
	if (d->config.evidence_size && size <= room_for_one(d))
		error = keep(d, fd, id, &payload);
	if (!error) {
		/* The module need not hold the memory any longer. */
		client_evidence_drop(d->control, number);
		return told(&payload, true);
	}
	if (error != -ENOENT)
		say(CONFIG_WARNING, "the payload of %.80s is not kept: %s", id, strerror(-error));
	error = payload_copy(fd, -1, d->config.hash_max_size, NULL, NULL, &payload, 0);
	if (!error)
		return told(&payload, false);
	return missing(error == -EFBIG ? "larger than what is read at once" : "it cannot be read");
}

static json_t *take_payload(struct wxguardd *d, uint64_t number, const char *id)
{
	uint64_t begun = time_share_clock();
	json_t *json;
	int fd, error;

	if (!time_share_left(&d->evidence.share, SHARE, LEFT_MAX, begun))
		return missing("there were too many at once");
	error = client_evidence_get(d->control, number, &fd);
	if (error)
		return missing(error == -ENOENT ? "the module does not hold it" :
						  "the module does not give it out");
	json = read_payload(d, fd, id, number);
	close(fd);
	time_share_pay(&d->evidence.share, begun);
	return json;
}

/* Whose memory it is: of a foreign write the other's. */
static const struct finding_process *owner_of(const struct finding *finding)
{
	return finding->has_target ? &finding->target : &finding->process;
}

static int ask_copier(struct wxguardd *d, const struct finding *finding, const char *name)
{
	const struct copier_request request = {
		.pid = owner_of(finding)->pid,
		.start = owner_of(finding)->start,
		.address = finding->memory_address,
		.size = finding->memory_size < PAYLOAD_REGION_MAX ? finding->memory_size :
								    PAYLOAD_REGION_MAX,
	};
	int folder = evidence_open_folder(d->config.store), to, error;

	if (folder < 0)
		return folder;
	to = evidence_begin(folder, name);
	error = to < 0 ? to : copier_ask(&d->evidence.copier, &request, to);
	if (error && to >= 0)
		evidence_abandon(folder, name);
	if (to >= 0)
		close(to);
	close(folder);
	return error;
}

static void take_region(struct wxguardd *d, const struct finding *finding, const char *id)
{
	struct evidence_store *kept = &d->evidence;
	char *name = kept->name[kept->waiting];

	if (!d->config.evidence_size || kept->copier.socket < 0 || finding_is_repeat(finding) ||
	    !finding->has_memory || !finding->memory_address || !finding->memory_size ||
	    !owner_of(finding)->pid || kept->waiting == EVIDENCE_WAITING_MAX)
		return;
	if (!evidence_name(id, EVIDENCE_REGION, name) && !ask_copier(d, finding, name))
		kept->waiting++;
}

json_t *evidence_take(struct wxguardd *d, const struct finding *finding, const char *id)
{
	take_region(d, finding, id);
	if (!has_payload(finding) || !d->control)
		return NULL;
	return take_payload(d, finding->seq - d->seq_base, id);
}

static void settle(struct wxguardd *d, const struct copier_answer *answer)
{
	struct evidence_store *kept = &d->evidence;
	const char *name = kept->name[0];
	int folder = evidence_open_folder(d->config.store);
	/* A reload may have ended the keeping meanwhile. */
	const bool wanted = d->config.evidence_size && !answer->error;

	if (folder >= 0 && wanted && !evidence_commit(folder, name)) {
		evidence_count(kept, answer->size);
		evidence_bound(folder, kept, d->config.evidence_size);
	} else if (folder >= 0) {
		evidence_abandon(folder, name);
	}
	if (folder >= 0)
		close(folder);
	kept->waiting--;
	memmove(kept->name[0], kept->name[1], kept->waiting * sizeof(kept->name[0]));
}

void evidence_copied(struct wxguardd *d)
{
	struct copier_answer answer;
	int error;

	while (!(error = copier_answer(&d->evidence.copier, &answer)))
		if (d->evidence.waiting)
			settle(d, &answer);
	if (error != -EPIPE)
		return;
	say(CONFIG_WARNING, "the process that copies memory has ended; memory of findings is not kept until the daemon is started again");
	copier_end(&d->evidence.copier);
	answer.error = -EPIPE;
	while (d->evidence.waiting)
		settle(d, &answer);
}

void evidence_prune(struct wxguardd *d)
{
	int folder;

	if (!d->config.evidence_size)
		return;
	folder = evidence_open_folder(d->config.store);
	if (folder < 0)
		return;
	evidence_bound(folder, &d->evidence, d->config.evidence_size);
	close(folder);
}

void evidence_end(struct wxguardd *d)
{
	copier_end(&d->evidence.copier);
}
