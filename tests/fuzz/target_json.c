// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The JSON writer: a finding whose every byte string and number is taken from
 * the input, whether or not the wire could carry it, and the records beside
 * it.
 */
#include <string.h>

#include "fuzz.h"
#include "json_out.h"
#include "json_text.h"
#include "raw_json.h"

/* What is left of the input. At its end everything is 0, and absent. */
static struct bytes rest;

static uint8_t byte(void)
{
	if (!rest.len)
		return 0;
	rest.len--;
	return *rest.data++;
}

/* Small ones often, any sometimes. */
static uint64_t number(void)
{
	unsigned int bytes = byte();
	uint64_t value = 0;

	if (bytes < 0xf0)
		return bytes;
	for (bytes = (bytes & 7) + 1; bytes; bytes--)
		value = value << 8 | byte();
	return value;
}

/* The length, then the bytes; 0xff is none at all. */
static struct bytes chunk(void)
{
	uint8_t len = byte();
	struct bytes out = { rest.data, len };

	if (len == 0xff || !rest.data)
		return (struct bytes){ 0 };
	if (out.len > rest.len)
		out.len = rest.len;
	rest.data += out.len;
	rest.len -= out.len;
	return out;
}

static char *string(void)
{
	struct bytes in = chunk();

	return in.data ? strndup((const char *)in.data, in.len) : NULL;
}

static void take_file(struct finding_file *file)
{
	file->present = byte() & 1;
	file->path = chunk();
	file->dev = (uint32_t)number();
	file->ino = number();
	file->generation = (uint32_t)number();
	file->ctime_sec = (int64_t)number();
	file->mtime_sec = (int64_t)number();
	file->ctime_nsec = (uint32_t)number();
	file->mtime_nsec = (uint32_t)number();
	file->size = number();
	file->mode = (uint32_t)number();
	file->uid = (uint32_t)number();
	file->gid = (uint32_t)number();
	file->nlink = (uint32_t)number();
	file->magic = (uint32_t)number();
}

static void take_process(struct finding_process *process)
{
	process->pid = (uint32_t)number();
	process->tid = (uint32_t)number();
	process->vpid = (uint32_t)number();
	process->start = number();
	process->comm = chunk();
	process->exe = chunk();
	process->args = chunk();
	process->cwd = chunk();
	process->cgroup = chunk();
	process->uid = (uint32_t)number();
	process->euid = (uint32_t)number();
	process->gid = (uint32_t)number();
	process->loginuid = (uint32_t)number();
	process->sessionid = (uint32_t)number();
	process->has_capabilities = byte() & 1;
	process->cap_effective = number();
	process->cap_permitted = number();
	process->pidns = number();
	process->mntns = number();
	take_file(&process->exe_file);
}

static void take_head(struct finding *finding)
{
	finding->class = byte();
	finding->action = byte();
	finding->verdict = byte();
	finding->mode = byte();
	finding->flags = (uint32_t)number();
	finding->seq = number();
	finding->generation = (uint32_t)number();
	finding->time_real = number();
	finding->time_boot = number();
	finding->has_window = byte() & 1;
	finding->window = (uint32_t)number();
	finding->tamper = byte();
	finding->repeat_of = number();
	finding->repeat_count = number();
	finding->repeat_last = number();
}

static void take_call(struct finding *finding)
{
	int i;

	finding->has_syscall = byte() & 1;
	finding->has_return = byte() & 1;
	finding->syscall_nr = (uint32_t)number();
	finding->syscall_arch = byte() & 1 ? 0xc000003e : (uint32_t)number();
	for (i = 0; i < 6; i++)
		finding->syscall_args[i] = number();
	finding->syscall_return = (int64_t)number();
}

static void take_memory(struct finding *finding)
{
	finding->has_memory = byte() & 1;
	finding->has_before = byte() & 1;
	finding->memory_address = number();
	finding->memory_size = number();
	finding->prot_before = (uint32_t)number();
	finding->prot_asked = (uint32_t)number();
	finding->prot_effective = (uint32_t)number();
	finding->memory_region = byte();
	finding->memory_origin = byte();
	take_file(&finding->memory_file);
}

static void take_exec(struct finding *finding)
{
	finding->has_exec = byte() & 1;
	finding->has_seals = byte() & 1;
	finding->exec_filename = chunk();
	finding->exec_name = chunk();
	finding->exec_origin = byte();
	finding->exec_seals = (uint32_t)number();
	finding->exec_round = (uint32_t)number();
	finding->exec_script = (uint32_t)number();
	take_file(&finding->exec_file);
}

static void take_others(struct finding *finding)
{
	struct bytes scope = chunk();
	unsigned int i;

	if (scope.data)
		memcpy(finding->scope, scope.data,
		       strnlen((const char *)scope.data,
			       scope.len < sizeof(finding->scope) ?
				       scope.len : sizeof(finding->scope) - 1));
	finding->ancestors = byte() % (WXGUARD_ANCESTORS_MAX + 1);
	for (i = 0; i < finding->ancestors; i++)
		take_process(&finding->ancestor[i]);
	finding->has_target = byte() & 1;
	finding->has_writer = byte() & 1;
	take_process(&finding->target);
	take_process(&finding->writer);
}

/* What user space adds is text of its own files, and no more to be trusted. */
static void take_extra(struct finding_enrichment *extra)
{
	extra->exe_sha256 = string();
	extra->exe_sha256_why = string();
	extra->user_name = string();
	extra->euser_name = string();
	extra->group_name = string();
	extra->login_name = string();
	extra->target_name = string();
	extra->container_id = string();
	extra->container_runtime = string();
}

static void one_finding(void)
{
	struct finding *finding = calloc(1, sizeof(*finding));

	PROMISE(finding);
	take_head(finding);
	take_process(&finding->process);
	take_call(finding);
	take_memory(finding);
	take_exec(finding);
	take_others(finding);
	take_extra(&finding->extra);
	fuzz_finding(finding);
	finding_free(finding);
}

static void one_known(void)
{
	struct client_known known = { .dev = (uint32_t)number() };
	struct bytes path = chunk();

	known.ino = number();
	known.classes = (uint32_t)number();
	known.flags = (uint32_t)number();
	known.first_seen = number();
	known.last_seen = number();
	known.shape = byte();
	known.path_len = path.len;
	if (path.len)
		memcpy(known.path, path.data, path.len);
	fuzz_line(known_json(&known));
}

static void values(void)
{
	struct bytes all = rest;
	bool lossy = false;
	json_t *root = json_object();

	PROMISE(root);
	PROMISE(!json_put_text(root, "a.b.text", "a.raw", all));
	PROMISE(!json_put_hex(root, "a.b.hex", all));
	PROMISE(!json_put(root, "args", json_args(all, &lossy)));
	PROMISE(!json_put(root, "n.hex", json_hex(number())));
	PROMISE(!json_put(root, "n.bare", json_hex_bare(number())));
	PROMISE(!json_put(root, "n.number", json_number(number())));
	PROMISE(!json_put(root, "n.decimal", json_decimal(number())));
	fuzz_line(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + !size);
	uint8_t what;

	PROMISE(copy);
	memcpy(copy, data, size);
	rest = (struct bytes){ copy, size };
	what = byte();
	if (what < 0xc0)
		one_finding();
	else if (what < 0xe0)
		one_known();
	else
		values();
	rest = (struct bytes){ 0 };
	free(copy);
	return 0;
}
