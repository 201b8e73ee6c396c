/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "wxguard check": the facts of a machine, gathered from its files, and the
 * steps between an installed package and a running one that follow from them.
 */
#ifndef WXG_CTL_CHECK_H
#define WXG_CTL_CHECK_H

#include <limits.h>

#include "daemon.h"

#define CHECK_WORD 96
#define CHECK_STEPS_MAX 16

/* A thing that a file says, or does not: it may be absent or unreadable. */
enum check_bool {
	CHECK_NO,
	CHECK_YES,
	CHECK_UNKNOWN,
};

/* The module's file, as modprobe would take it. */
struct check_file {
	char path[PATH_MAX];	/* "" = there is none */
	bool indexed;		/* modules.dep names it, so modprobe finds it */
	char version[CHECK_WORD], srcversion[CHECK_WORD];
	enum check_bool is_signed;
};

struct check_facts {
	const char *root;	/* "" or the folder that stands for / */
	char release[CHECK_WORD];
	bool running;		/* it is the running kernel that is asked about */
	bool apt;		/* there is one to type */

	/* what builds the module */
	char lacks[CHECK_WORD];	/* what the kernel's configuration lacks */
	char source[CHECK_WORD];	/* version of the sources for DKMS, "" = none */
	bool headers, dkms, built;
	char log[PATH_MAX];	/* of a build for this kernel that failed, "" = none */
	char error[256];	/* the first error in it */
	struct check_file file;

	/* what may refuse it */
	enum check_bool secure_boot;
	char lockdown[CHECK_WORD];	/* "", "integrity", "confidentiality" */
	bool sig_enforce;
	char key[PATH_MAX];	/* certificate of the key that DKMS signs with, "" = none */
	enum check_bool enrolled;
	bool pending, mokutil;	/* of its enrolment */
	char forbidden[PATH_MAX];	/* who forbids it, "" = nobody */
	bool modules_disabled;
	char probes_off[CHECK_WORD];	/* file with a 0 in it, "" = none */
	char probe_refused[CHECK_WORD];	/* function that may not be probed */
	char probe_absent[CHECK_WORD];	/* function that this kernel does not have */

	/* what runs */
	bool loaded;
	char version[CHECK_WORD], srcversion[CHECK_WORD];
	struct daemon_state daemon;
	bool systemd;
	bool asked;		/* the module has answered, status is its answer */
	struct client_status status;
	char refused[256];	/* why it was not asked, "" = it was not tried */

	/* a kernel that the next boot may take */
	char next[CHECK_WORD];	/* "" = no newer one */
	bool next_ready, next_headers;
};

struct check_step {
	const char *name;
	enum check_bool done;	/* CHECK_UNKNOWN: root could tell */
	char text[PATH_MAX + 512];
	char type[2][PATH_MAX + 128];	/* what to type, "" = nothing */
	char then[256];		/* what to do besides, "" = nothing */
	int exit;		/* of a step that is not done */
};

/* Fill everything but asked, status and refused. release NULL: the running one. */
void check_look(struct check_facts *facts, const char *root, const char *release);
/* The parts of it. */
void check_look_build(struct check_facts *facts);
void check_look_file(struct check_facts *facts, struct check_file *file);
bool check_has_headers(const struct check_facts *facts, const char *release);
void check_look_boot(struct check_facts *facts);
void check_look_probes(struct check_facts *facts);

/* Reading below facts->root; what cannot be read is as if it were empty. */
void check_path(const struct check_facts *facts, char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
bool check_exists(const struct check_facts *facts, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The first line, without its end. False: it could not be read. */
bool check_line(const struct check_facts *facts, char *line, size_t size,
		const char *format, ...) __attribute__((format(printf, 4, 5)));
/* All of a file, malloc'ed, with a NUL behind it; NULL: it could not be read. */
char *check_read(const char *path, size_t *size);
/* Each file that the pattern finds, in the order of versions. */
void check_each(const struct check_facts *facts,
		void (*on_path)(const char *path, void *arg), void *arg,
		const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The last of them, "" = none. */
void check_newest(const struct check_facts *facts, char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * check_judge() - the steps up to the first that is missing
 * @steps: room for CHECK_STEPS_MAX
 *
 * Return: their number; only the last may be CHECK_NO.
 */
size_t check_judge(const struct check_facts *facts, struct check_step *steps);

#endif
