/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the configuration share; nobody else includes it. */
#ifndef WXG_LIB_CONFIG_IMPL_H
#define WXG_LIB_CONFIG_IMPL_H

#include <confuse.h>

#include "config.h"
#include "confuse_line.h"

/* What libconfuse's callbacks, which carry no argument, work on. */
struct config_parse {
	struct config *config;
	const char *file;
	struct confuse_line search;	/* in the text of the file */
	int lines;			/* that the file has */
	char *why;
};
extern struct config_parse config_parse;

/* Values. All return 0, or -1 (for libconfuse) after config_refuse(). */
/* The first complaint is the one that counts; @line is libconfuse's. */
int config_refuse(unsigned int line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* One of a list of words; its place, -1 if it is none. */
int config_word(const char *value, const char *const *words);
int config_set_word(int *to, const char *key, const char *value,
		    const char *const *words, unsigned int line);
int config_set_path(char *to, const char *key, const char *value,
		    unsigned int line);
int config_set_size(uint64_t *to, const char *key, const char *value,
		    uint64_t min, uint64_t max, unsigned int line);
int config_set_seconds(uint32_t *to, const char *key, const char *value,
		       uint32_t min, uint32_t max, unsigned int line);
int config_set_number(uint64_t *to, const char *key, const char *value,
		      uint64_t min, uint64_t max, unsigned int line);

/* never, batch */
extern const char *const config_fsyncs[];

/* Keys: of the file itself, inside "output NAME", and the end of that. */
int config_on_top(cfg_t *cfg, cfg_opt_t *opt);
int config_on_output(cfg_t *cfg, cfg_opt_t *opt);
int config_on_section(cfg_t *cfg, cfg_opt_t *opt);

#endif
