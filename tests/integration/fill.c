// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes a store with many findings for the tests of report and list: the same
 * seed gives the same findings, the newest at the time that is given. Some
 * are made by programs with hostile names. Links the library of userspace.
 *
 *	fill DATABASE COUNT SEED NEWEST(s since 1970)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/lib/ecs.h"
#include "../../userspace/lib/json_out.h"
#include "../../userspace/lib/store.h"

#define DAYS 30
#define PROGRAMS 400
#define LOSS_EACH 90001	/* findings between two losses */
#define FRESH 4096	/* of the newest each has a document of its own */

static const char *const hostile[] = {
	"/tmp/<script>document.title='owned'</script>",
	"/tmp/\"><img src=x onerror=document.title='owned'>",
	"/tmp/</style></code></title><h1 id=owned>owned</h1>",
	"/tmp/&lt;b&gt;' onmouseover='document.title=1",
	"/tmp/red\033[31m\033]0;owned\007",
	"/tmp/over\xe2\x80\xaeride",
	"/tmp/not\xff\xfeutf8",
	"/tmp/=cmd|' /C calc'!A0",
};

#define HOSTILE (sizeof(hostile) / sizeof(hostile[0]))

static uint64_t state;

/* splitmix64 */
static uint64_t draw(uint64_t below)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

static struct bytes text(const char *string)
{
	return (struct bytes){ (const uint8_t *)string, strlen(string) };
}

struct actor {
	char exe[96], cgroup[96], comm[16];
	const char *container;
	uint32_t uid, class;
};

static struct actor actors[PROGRAMS];

static void make_actors(void)
{
	static const uint32_t classes[] = {
		WXGUARD_CLASS_RWX_MPROTECT, WXGUARD_CLASS_RWX_MPROTECT,
		WXGUARD_CLASS_EXEC_MEMORY, WXGUARD_CLASS_WX_TRANSITION,
		WXGUARD_CLASS_EXEC_UNLINKED, WXGUARD_CLASS_RWX_MMAP,
	};
	uint64_t i;

	for (i = 0; i < PROGRAMS; i++) {
		struct actor *actor = &actors[i];

		if (i % 7 == 0 && i / 7 < HOSTILE)	/* among the busy ones */
			snprintf(actor->exe, sizeof(actor->exe), "%s", hostile[i / 7]);
		else
			snprintf(actor->exe, sizeof(actor->exe), "/opt/vendor-%u/bin/agent-%03u",
				 (unsigned int)(i % 17), (unsigned int)i);
		snprintf(actor->comm, sizeof(actor->comm), "agent-%03u", (unsigned int)i);
		snprintf(actor->cgroup, sizeof(actor->cgroup), i % 3 ?
			 "/system.slice/vendor-%u.service" : "/user.slice/user-1000.slice/session-%u.scope",
			 (unsigned int)(i % 29));
		actor->container = i % 11 ? NULL :
			"f0c1d2e3a4b5968778695a4b3c2d1e0ff0c1d2e3a4b5968778695a4b3c2d1e0f";
		actor->uid = i % 5 ? 1000 + (uint32_t)(i % 7) : 0;
		actor->class = classes[draw(sizeof(classes) / sizeof(classes[0]))];
	}
}

/* Few programs do most of it. */
static const struct actor *choose(void)
{
	return &actors[draw(3) ? draw(12) * 7 : draw(PROGRAMS)];
}

static void fill_process(struct finding_process *process, const struct actor *actor, uint32_t pid)
{
	process->pid = process->tid = pid;
	process->start = UINT64_C(5000000000);
	process->comm = text(actor->comm);
	process->exe = text(actor->exe);
	process->cgroup = text(actor->cgroup);
	process->args = (struct bytes){ (const uint8_t *)"agent\0--plugin\0<b>&amp;\0", 23 };
	process->cwd = text("/srv");
	process->uid = process->euid = actor->uid;
	process->gid = actor->uid;
	process->loginuid = UINT32_MAX;
}

static void fill_finding(struct finding *finding, const struct actor *actor, uint64_t number,
			 uint64_t when)
{
	static const char *const parents[] = {
		"/usr/bin/bash", "/usr/sbin/sshd", "/usr/bin/python3.11", "/usr/lib/systemd/systemd",
	};
	unsigned int i;

	memset(finding, 0, sizeof(*finding));
	finding->seq = number;
	finding->class = actor->class;
	finding->action = WXGUARD_ACTION_DENY;
	finding->verdict = draw(9) ? WXGUARD_VERDICT_LOGGED : WXGUARD_VERDICT_DENIED;
	finding->mode = WXGUARD_MODE_DETECT;
	finding->time_real = when;
	finding->time_boot = UINT64_C(9000000000);
	fill_process(&finding->process, actor, 1000 + (uint32_t)draw(60000));
	finding->ancestors = 1 + (unsigned int)draw(4);
	for (i = 0; i < finding->ancestors; i++) {
		finding->ancestor[i].pid = 900 - i;
		finding->ancestor[i].start = UINT64_C(1000000000);
		finding->ancestor[i].comm = text("parent");
		finding->ancestor[i].exe = text(parents[(i + number) % 4]);
	}
	finding->has_syscall = true;
	finding->syscall_nr = 10;
	finding->syscall_arch = 0xc000003e;
	finding->has_memory = finding->class != WXGUARD_CLASS_EXEC_MEMORY;
	finding->memory_size = 4096;
	finding->memory_address = UINT64_C(0x7f3a5c000000);
	finding->prot_asked = finding->prot_effective = 7;
	finding->has_exec = !finding->has_memory;
	finding->exec_origin = WXGUARD_ORIGIN_MEMFD;
	finding->exec_filename = text("/proc/self/fd/3");
	finding->exec_name = text("kworker");
}

/* The last document of each program serves for the many between. */
static char *documents[PROGRAMS];

static const char *document(const struct actor *actor, struct finding *finding,
			    const struct ecs_context *context, bool fresh)
{
	char **kept = &documents[actor - actors];
	json_t *json;

	if (*kept && !fresh)
		return *kept;
	free(*kept);
	json = ecs_document(finding, context);
	*kept = json ? json_line(json, NULL) : NULL;
	json_decref(json);
	return *kept;
}

static int add_finding(struct store *store, const struct ecs_context *context,
		       uint64_t number, uint64_t when, bool fresh)
{
	const struct actor *actor = choose();
	struct finding finding;
	char id[ECS_EVENT_ID_MAX];
	struct store_record record = { .kind = STORE_FINDING };

	fill_finding(&finding, actor, number, when);
	ecs_event_id(context, number, id);
	record.id = id;
	record.number = number;
	record.time = when;
	record.class = finding.class;
	record.verdict = finding.verdict;
	record.mode = finding.mode;
	record.pid = finding.process.pid;
	record.uid = actor->uid;
	record.comm = finding.process.comm;
	record.exe = finding.process.exe;
	record.unit = store_unit(finding.process.cgroup);
	record.container = actor->container;
	record.json = document(actor, &finding, context, fresh);
	if (!record.json)
		return -1;
	record.json_len = strlen(record.json);
	if (store_record_add(store, &record))
		return -1;
	if (!draw(20))
		return store_record_repeat(store, id, 1 + draw(40), when + 1000000000);
	return draw(4) ? 0 : store_record_ack(store, id, when / 1000000000 + 60, "root", "seen");
}

static int add_loss(struct store *store, const struct ecs_context *context, uint64_t number,
		    uint64_t when)
{
	const struct finding_loss loss = { number, number + 111 };
	json_t *json = ecs_loss(&loss, context);
	struct store_record record = { .kind = STORE_LOSS, .number = number, .time = when };
	char *line = json_line(json, &record.json_len);
	int error;

	record.json = line;
	record.id = json_string_value(json_object_get(json_object_get(json, "event"), "id"));
	error = store_record_add(store, &record);
	free(line);
	json_decref(json);
	return error;
}

/* Ten waves, each of which begins with many and ends with few. */
static uint64_t age_of(uint64_t i, uint64_t count)
{
	double at = (double)i * 10 / (double)count, wave = (double)(uint64_t)at;
	double in = at - wave;

	return (uint64_t)((10 - wave - in * in * 0.8 - in * 0.2) * DAYS * 8640);
}

int main(int argc, char **argv)
{
	struct ecs_context context;
	char why[STORE_WHY_MAX];
	struct store *store;
	uint64_t count, newest, i, when;
	int error = 0;

	if (argc != 5 || ecs_context_load(&context))
		return 2;
	count = strtoull(argv[2], NULL, 10);
	state = strtoull(argv[3], NULL, 10);
	newest = strtoull(argv[4], NULL, 10);
	make_actors();
	if (store_open(argv[1], STORE_WRITE, &store, why) || store_set_fsync(store, false)) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	error = store_begin(store);
	for (i = 1; i <= count && !error; i++) {
		when = (newest - age_of(i, count)) * 1000000000 + i % 1000000000;
		context.created = when + 1000000;
		error = add_finding(store, &context, i, when, count - i < FRESH);
		if (!error && (i % LOSS_EACH == 0 || i == count / 2))
			error = add_loss(store, &context, count + i, when);
		if (!error && i % 20000 == 0) {
			error = store_commit(store);
			if (!error)
				error = store_begin(store);
		}
	}
	if (!error)
		error = store_commit(store);
	if (error)
		fprintf(stderr, "%s\n", store_error(store));
	store_close(store);
	return !!error;
}
