// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The configuration file, read from a file that lies in memory. What is
 * refused comes with one sentence that is safe to show and leaves the
 * configuration alone; what is accepted lies within its bounds.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uapi/linux/wxguard.h>

#include "config.h"
#include "fuzz.h"

static void check_path(const char *path)
{
	size_t len = strnlen(path, CONFIG_PATH_MAX);

	PROMISE(len && len < CONFIG_PATH_MAX && path[0] == '/');
}

static void check_bounds(const struct config *config)
{
	PROMISE(!config->has_mode || config->mode < __WXGUARD_MODE_MAX);
	check_path(config->store);
	check_path(config->rules);
	check_path(config->json.path);
	PROMISE(config->known_interval && config->known_interval <= 86400);
	PROMISE(config->findings_keep >= 100);
	PROMISE(config->json.max_size >= 65536);
	PROMISE(config->log_level <= CONFIG_DEBUG);
	PROMISE(config->host_id <= CONFIG_HOST_NONE);
	PROMISE(config->journal <= CONFIG_AUTO);
}

/* "PATH:LINE: ", where it says so, and a line that the file has. */
static void check_line(const char *why, const char *path, const uint8_t *data,
		       size_t size)
{
	unsigned long line, lines = 1;
	size_t i, len = strlen(path);

	if (strncmp(why, path, len) || why[len] != ':' || why[len + 1] == ' ')
		return;
	for (i = 0; i < size; i++)
		lines += data[i] == '\n';
	line = strtoul(why + len + 1, NULL, 10);
	if (line < 1 || line > lines)
		fprintf(stderr, "%s\n", why);
	PROMISE(line >= 1 && line <= lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config config, before;
	char why[CONFIG_WHY_MAX], path[64];
	int fd = memfd_create("config", MFD_CLOEXEC);
	int error;

	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	memset(&config, 0x5a, sizeof(config));
	before = config;
	error = config_load(path, &config, why);
	close(fd);
	if (!error) {
		check_bounds(&config);
		return 0;
	}
	PROMISE(error == -EINVAL);
	check_line(why, path, data, size);
	PROMISE(!memcmp(&config, &before, sizeof(config)));
	if (!fuzz_is_inert(why))
		fprintf(stderr, "%s\n", why);
	PROMISE(*why && fuzz_is_inert(why));
	return 0;
}
