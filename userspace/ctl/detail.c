// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Everything about one finding, in sections, from its ECS document. A line
 * whose value is absent is left out. Pure but for the output.
 */
#include <inttypes.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "doc.h"
#include "row.h"
#include "term.h"
#include "units.h"

struct page {
	FILE *out;
	const struct ctl *ctl;
	const json_t *doc;
};

static void line(const struct page *page, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void line(const struct page *page, const char *name, const char *format, ...)
{
	va_list args;

	term_label(page->out, name);
	va_start(args, format);
	vfprintf(page->out, format, args);
	va_end(args);
	fputc('\n', page->out);
}

/* The value at @path, quoted. */
static void text(const struct page *page, const char *name, const char *path)
{
	char *quoted = doc_quote(page->doc, path, 0);

	if (quoted)
		line(page, name, "%s", quoted);
	free(quoted);
}

/* Words of our own. */
static void plain(const struct page *page, const char *name, const char *path)
{
	char *words = doc_plain(page->doc, path);

	if (words)
		line(page, name, "%s", words);
	free(words);
}

static void number(const struct page *page, const char *name, const char *path)
{
	uint64_t value;

	if (doc_number(page->doc, path, &value))
		line(page, name, "%" PRIu64, value);
}

/* The elements of an array; "none" if it is empty. */
static void list(const struct page *page, const char *name, const char *path)
{
	char raw[128], *words;

	snprintf(raw, sizeof(raw), "wxguard.raw.%s", path);
	words = doc_quote_list(page->doc, path, raw);
	if (words)
		line(page, name, "%s", *words ? words : "none");
	free(words);
}

/* "build (1001)" */
static void who(const struct page *page, const char *name, const char *name_path,
		const char *id_path)
{
	char *user = doc_quote(page->doc, name_path, 0), *id = doc_quote(page->doc, id_path, 0);

	if (id && user)
		line(page, name, "%s (%s)", user, id);
	else if (id)
		line(page, name, "%s", id);
	free(user);
	free(id);
}

/* "inode 10245 on 00:01, 891.0K, mode 0777, owner 33:33" */
static void file_facts(const struct page *page, const char *name, const char *at)
{
	const json_t *file = doc_get(page->doc, at);
	uint64_t bytes;
	char size[16];

	if (!file || !*doc_string(file, "inode"))
		return;
	term_label(page->out, name);
	fprintf(page->out, "inode %s on device %s", doc_string(file, "inode"),
		doc_string(file, "device"));
	if (doc_number(file, "size", &bytes))
		fprintf(page->out, ", %s", units_print_size(size, sizeof(size), bytes));
	fprintf(page->out, ", mode %s, owner %s:%s", doc_string(file, "mode"),
		doc_string(file, "uid"), doc_string(file, "gid"));
	if (*doc_string(file, "mtime"))
		fprintf(page->out, ", written %s", doc_string(file, "mtime"));
	if (*doc_string(file, "ctime"))
		fprintf(page->out, ", changed %s", doc_string(file, "ctime"));
	fputc('\n', page->out);
}

static void print_repeats(const struct page *page)
{
	uint64_t count, first = 0;

	if (doc_number(page->doc, "wxguard.repeated.count", &count))
		line(page, "repeats", "%" PRIu64 " more like it, the last at %s", count,
		     doc_string(page->doc, "wxguard.repeated.last"));
	if (!doc_number(page->doc, "wxguard.repeat.count", &count))
		return;
	term_label(page->out, "repeat");
	fprintf(page->out, "%" PRIu64 " more", count);
	if (doc_number(page->doc, "wxguard.repeat.of", &first))
		fprintf(page->out, " since #%" PRIu64, first);
	if (*doc_string(page->doc, "wxguard.repeat.last"))
		fprintf(page->out, ", the last at %s",
			doc_string(page->doc, "wxguard.repeat.last"));
	fputs("; this is one of them\n", page->out);
}

static void print_ack(const struct page *page)
{
	char *by = doc_quote(page->doc, "wxguard.ack.by", 0);
	char *note = doc_quote(page->doc, "wxguard.ack.note", 0);

	if (doc_get(page->doc, "wxguard.ack"))
		line(page, "acked", "%s by %s%s%s", doc_string(page->doc, "wxguard.ack.time"),
		     by ? by : "?", note ? ": " : "", note ? note : "");
	free(by);
	free(note);
}

static void print_head(const struct page *page)
{
	const json_t *doc = page->doc;
	const char *technique = json_string_value(json_array_get(
		doc_get(doc, "threat.technique.subtechnique.id"), 0));
	uint64_t value = 0;
	char *name = doc_plain(doc, "message");

	if (!technique)
		technique = json_string_value(json_array_get(doc_get(doc, "threat.technique.id"), 0));
	if (doc_number(doc, "wxguard.finding.number", &value))
		fprintf(page->out, "#%" PRIu64 "  ", value);
	term_put(page->out, page->ctl->color, TERM_BOLD, name ? name : "?", 0);
	fputc('\n', page->out);
	free(name);
	line(page, "severity", "%s%s%s", doc_string(doc, "wxguard.rule.severity"),
	     technique ? ", " : "", technique ? technique : "");
	text(page, "time", "@timestamp");
	text(page, "event.id", "event.id");
	text(page, "host", "host.name");
	print_repeats(page);
	print_ack(page);
}

static void print_what(const struct page *page)
{
	char *what = row_what(page->doc);
	const char *flags = "wxguard.finding.flags";

	term_section(page->out, page->ctl->color, "what");
	line(page, "event", "%s", what ? what : "?");
	free(what);
	term_label(page->out, "verdict");
	fprintf(page->out, "%s; the rule says %s, the mode was %s\n",
		doc_string(page->doc, "wxguard.finding.verdict"),
		doc_string(page->doc, "wxguard.finding.action"),
		doc_string(page->doc, "wxguard.finding.mode"));
	if (json_array_size(doc_get(page->doc, flags)))
		list(page, "flags", flags);
}

static void print_why(const struct page *page)
{
	uint64_t generation = 0, window;
	char span[32];

	term_section(page->out, page->ctl->color, "why");
	text(page, "class", "wxguard.finding.class");
	plain(page, "tampering", "wxguard.tamper.reason");
	text(page, "rule", "rule.id");
	plain(page, "", "rule.name");
	plain(page, "", "rule.description");
	plain(page, "source", "wxguard.rule.source");
	if (doc_number(page->doc, "wxguard.history.window_seconds", &window))
		line(page, "known", "no: this executable was not seen doing so within %s",
		     units_print_duration(span, sizeof(span), window));
	else
		line(page, "known", "does not matter for this class");
	text(page, "scope", "wxguard.scope.name");
	if (doc_number(page->doc, "wxguard.finding.rules_generation", &generation))
		line(page, "rules", "generation %" PRIu64 ", no exclusion matched", generation);
}

/* A full set is a word: forty names hide the few that matter. */
static void capabilities(const struct page *page)
{
	const char *path = "process.thread.capabilities.effective";
	size_t count = json_array_size(doc_get(page->doc, path));

	if (count > CAP_LAST_CAP)
		line(page, "capabilities", "all");
	else
		list(page, "capabilities", path);
}

static void print_process(const struct page *page)
{
	term_section(page->out, page->ctl->color, "process");
	if (!doc_get(page->doc, "process")) {
		line(page, "none", "the module itself says so");
		return;
	}
	number(page, "pid", "process.pid");
	number(page, "thread", "process.thread.id");
	number(page, "pid inside", "process.vpid");
	text(page, "name", "process.name");
	text(page, "executable", "process.executable");
	file_facts(page, "", "wxguard.process.executable_file");
	text(page, "sha256", "process.hash.sha256");
	plain(page, "no sha256", "wxguard.process.hash_missing");
	list(page, "arguments", "process.args");
	text(page, "directory", "process.working_directory");
	text(page, "started", "process.start");
	who(page, "user", "user.name", "user.id");
	who(page, "effective", "user.effective.name", "user.effective.id");
	who(page, "group", "user.group.name", "user.group.id");
	who(page, "login user", "auditd.user.audit.name", "auditd.user.audit.id");
	text(page, "session", "auditd.session");
	capabilities(page);
	text(page, "container", "container.id");
	text(page, "runtime", "container.runtime");
	text(page, "cgroup", "wxguard.process.cgroup");
	number(page, "pid ns", "wxguard.process.namespace.pid");
	number(page, "mount ns", "wxguard.process.namespace.mnt");
}

static void print_ancestors(const struct page *page)
{
	const json_t *all = doc_get(page->doc, "wxguard.process.ancestors");
	size_t i;

	if (!json_array_size(all))
		return;
	term_section(page->out, page->ctl->color, "ancestors, parent first");
	for (i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);
		char *name = doc_quote_raw(one, "name", "raw.name", 0);
		char *exe = doc_quote_raw(one, "executable", "raw.executable", 0);
		uint64_t pid = 0;

		doc_number(one, "pid", &pid);
		fprintf(page->out, "  %7" PRIu64 "  %-16s %s  since %s\n", pid,
			name ? name : "-", exe ? exe : "-", doc_string(one, "start"));
		free(name);
		free(exe);
	}
}

static void print_memory(const struct page *page)
{
	if (!doc_get(page->doc, "wxguard.memory"))
		return;
	term_section(page->out, page->ctl->color, "memory");
	text(page, "address", "wxguard.memory.address");
	number(page, "bytes", "wxguard.memory.size");
	text(page, "before", "wxguard.memory.prot_before");
	text(page, "asked", "wxguard.memory.prot_asked");
	text(page, "asked, raw", "wxguard.memory.prot_asked_raw");
	text(page, "effective", "wxguard.memory.prot_after");
	text(page, "region", "wxguard.memory.region");
	text(page, "backing", "wxguard.memory.backing");
	text(page, "origin", "wxguard.memory.origin");
}

/* Whose memory it was, or who else has the file. */
static void print_other(const struct page *page, const char *title, const char *at)
{
	const json_t *other = doc_get(page->doc, at);
	char path[64];

	if (!other)
		return;
	term_section(page->out, page->ctl->color, title);
#define MEMBER(name) (snprintf(path, sizeof(path), "%s." name, at), path)
	number(page, "pid", MEMBER("pid"));
	if (json_is_true(doc_get(other, "self")))
		line(page, "", "the process itself");
	text(page, "name", MEMBER("name"));
	text(page, "executable", MEMBER("executable"));
	text(page, "started", MEMBER("start"));
	text(page, "user", MEMBER("uid"));
#undef MEMBER
}

static void print_exec(const struct page *page)
{
	uint64_t round = 0;

	if (!doc_get(page->doc, "wxguard.exec"))
		return;
	term_section(page->out, page->ctl->color, "exec");
	text(page, "origin", "wxguard.exec.origin");
	text(page, "memfd name", "wxguard.exec.memfd_name");
	text(page, "name", "wxguard.exec.name");
	list(page, "seals", "wxguard.exec.seals");
	text(page, "as passed", "wxguard.exec.filename");
	line(page, "script", "%s", json_is_true(doc_get(page->doc, "wxguard.exec.script")) ?
	     "yes, it begins with #!" : "no");
	if (doc_number(page->doc, "wxguard.exec.round", &round) && round)
		line(page, "interpreter", "number %" PRIu64 " of the file that was asked for", round);
}

static void print_file(const struct page *page)
{
	if (!doc_get(page->doc, "file"))
		return;
	term_section(page->out, page->ctl->color, "file");
	text(page, "path", "file.path");
	file_facts(page, "", "file");
	text(page, "sha256", "file.hash.sha256");
}

static void print_call(const struct page *page)
{
	const json_t *data = doc_get(page->doc, "auditd.data");

	if (!data)
		return;
	term_section(page->out, page->ctl->color, "system call");
	text(page, "name", "auditd.data.syscall");
	text(page, "architecture", "auditd.data.arch");
	line(page, "arguments", "0x%s 0x%s 0x%s 0x%s", doc_string(data, "a0"),
	     doc_string(data, "a1"), doc_string(data, "a2"), doc_string(data, "a3"));
	if (doc_get(data, "exit"))
		text(page, "result", "auditd.data.exit");
	else
		line(page, "result", "could not be seen");
}

void detail_facts(FILE *out, const struct ctl *ctl, const json_t *doc)
{
	const struct page page = { out, ctl, doc };

	print_process(&page);
	print_ancestors(&page);
	print_memory(&page);
	print_other(&page, "target", "wxguard.target");
	print_other(&page, "the other side of the mapping", "wxguard.writer");
	print_exec(&page);
	print_file(&page);
	print_call(&page);
}

void detail_print(FILE *out, const struct ctl *ctl, const json_t *doc)
{
	const struct page page = { out, ctl, doc };

	print_head(&page);
	print_what(&page);
	print_why(&page);
	detail_facts(out, ctl, doc);
}
