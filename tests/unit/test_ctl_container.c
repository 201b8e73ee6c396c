// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a container is called, by the files that each runtime keeps. The files
 * are made here, with the members that the runtimes document or write: docker
 * 20.10 and moby, containers/storage with podman 4 and CRI-O, containerd 1.6
 * with CRI and nerdctl, runc 1.1, crun 1.8, systemd 252, LXC 5.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <ctl/container.h>
#include <ctl/doc.h>
#include <ctl/explain.h>
#include <lib/text.h>

#include "folder.h"

#define ID "f0c1d2e3a4b5968778695a4b3c2d1e0ff0c1d2e3a4b5968778695a4b3c2d1e0f"
#define OTHER "00c1d2e3a4b5968778695a4b3c2d1e0ff0c1d2e3a4b5968778695a4b3c2d1e00"
#define THIRD "11c1d2e3a4b5968778695a4b3c2d1e0ff0c1d2e3a4b5968778695a4b3c2d1e00"
#define FOURTH "22c1d2e3a4b5968778695a4b3c2d1e0ff0c1d2e3a4b5968778695a4b3c2d1e00"
#define THEN 1768470067	/* 2026-01-15T09:41:07Z */

static int begin(void **state)
{
	char path[128];

	(void)state;
	if (dir_make("container"))
		return -1;
	snprintf(path, sizeof(path), "%s/cgroup", dir);
	if (mkdir(path, 0755))
		return -1;
	snprintf(path, sizeof(path), "%s/cgroup/cgroup.controllers", dir);
	return symlink("/dev/null", path);
}

static int finish(void **state)
{
	(void)state;
	return dir_remove();
}

/* Its control group is there. */
static void put_group(const char *path)
{
	char command[600];

	snprintf(command, sizeof(command), "mkdir -p '%s/cgroup%s'", dir, path);
	assert_int_equal(system(command), 0);
}

static json_t *look(const char *cgroup)
{
	char hierarchy[128];
	json_t *found;

	snprintf(hierarchy, sizeof(hierarchy), "%s/cgroup", dir);
	found = container_look(dir, hierarchy, text_bytes(cgroup), THEN);
	assert_non_null(found);
	return found;
}

#define assert_says(found, path, text) assert_string_equal(doc_string(found, path), text)

static void docker(void **state)
{
	static const char config[] =
		"{\"StreamConfig\":{},\"State\":{\"Running\":%s,\"Pid\":812,"
		"\"StartedAt\":\"2026-01-14T08:00:00.1Z\",\"FinishedAt\":\"2026-01-15T10:00:00.5Z\"},"
		"\"ID\":\"" ID "\",\"Created\":\"2026-01-14T07:59:59.123456789Z\",\"Path\":\"nginx\","
		"\"Config\":{\"Hostname\":\"f0c1\",\"Image\":\"nginx:1.25\",\"Labels\":{"
		"\"io.kubernetes.pod.name\":\"web-0\",\"io.kubernetes.pod.namespace\":\"prod\"}},"
		"\"Image\":\"sha256:0a1b\",\"Name\":\"/web\",\"Driver\":\"overlay2\"}\n";
	char text[sizeof(config) + 8];
	json_t *found;

	(void)state;
	snprintf(text, sizeof(text), config, "true");
	dir_put("/var/lib/docker/containers/" ID "/config.v2.json", text);
	put_group("/system.slice/docker-" ID ".scope");
	/* Below its own group, too. */
	found = look("/system.slice/docker-" ID ".scope/init/x");
	assert_says(found, "id", ID);
	assert_says(found, "name", "web");
	assert_says(found, "image.name", "nginx:1.25");
	assert_says(found, "image.id", "sha256:0a1b");
	assert_says(found, "runtime", "docker");
	assert_says(found, "created", "2026-01-14T07:59:59.123456789Z");
	assert_says(found, "pod.name", "web-0");
	assert_says(found, "pod.namespace", "prod");
	assert_says(found, "state", "running");
	assert_says(found, "source", "/var/lib/docker/containers/" ID "/config.v2.json");
	assert_null(doc_get(found, "ended"));
	assert_null(doc_get(found, "missing"));
	json_decref(found);

	/* The same, without systemd; and it has ended. */
	snprintf(text, sizeof(text), config, "false");
	dir_put("/var/lib/docker/containers/" ID "/config.v2.json", text);
	found = look("/docker/" ID);
	assert_says(found, "state", "ended");
	assert_says(found, "ended", "2026-01-15T10:00:00.5Z");
	assert_says(found, "name", "web");
	json_decref(found);

	/* By an id alone; and where an administrator has moved it. */
	dir_put("/etc/docker/daemon.json", "{\"data-root\":\"/srv/docker\"}");
	dir_put("/srv/docker/containers/" OTHER "/config.v2.json", text);
	found = look("/kubepods/besteffort/pod1/" OTHER);
	assert_says(found, "runtime", "docker");
	assert_says(found, "name", "web");
	json_decref(found);
}

/* Each file of podman's store is a list of all. */
static void storage(void **state)
{
	struct passwd *user = getpwuid(getuid());
	char path[256], cgroup[256];
	json_t *found;

	(void)state;
	dir_put("/var/lib/containers/storage/overlay-containers/containers.json",
		 "[{\"id\":\"" OTHER "\",\"names\":[\"k8s_POD_web-0_prod_u_0\",\"k8s_web-0\"],\"image\":\"aa\","
		 "\"layer\":\"l\",\"metadata\":\"{\\\"pod-name\\\":\\\"k8s_web-0_prod_u_0\\\",\\\"pod-id\\\":\\\"" OTHER
		 "\\\",\\\"namespace\\\":\\\"prod\\\",\\\"pod\\\":true}\"},"
		 "{\"id\":\"" ID "\",\"names\":[\"web\"],\"image\":\"0a1b\",\"layer\":\"l\","
		 "\"metadata\":\"{\\\"image-name\\\":\\\"docker.io/library/nginx:1.25\\\",\\\"image-id\\\":\\\"0a1b\\\","
		 "\\\"name\\\":\\\"web\\\",\\\"created-at\\\":1768377599}\","
		 "\"created\":\"2026-01-14T07:59:59.2Z\",\"flags\":{\"MountLabel\":\"\"}}]");
	found = look("/machine.slice/libpod-" ID ".scope/container");
	assert_says(found, "name", "web");
	assert_says(found, "image.name", "docker.io/library/nginx:1.25");
	assert_says(found, "image.id", "0a1b");
	assert_says(found, "runtime", "podman");
	assert_says(found, "state", "ended");
	json_decref(found);

	/* CRI-O: the pod's namespace is with the pod. */
	dir_put("/var/lib/containers/storage/overlay-containers/volatile-containers.json",
		 "[{\"id\":\"" OTHER "\",\"metadata\":\"{\\\"namespace\\\":\\\"prod\\\"}\"},"
		 "{\"id\":\"" THIRD "\","
		 "\"names\":[\"k8s_app_web-0_prod_u_0\"],\"image\":\"bb\",\"metadata\":"
		 "\"{\\\"pod-name\\\":\\\"web-0\\\",\\\"pod-id\\\":\\\"" OTHER "\\\","
		 "\\\"image-name\\\":\\\"quay.io/acme/app:2\\\",\\\"name\\\":\\\"k8s_app_web-0_prod_u_0\\\","
		 "\\\"metadata-name\\\":\\\"app\\\"}\"}]");
	found = look("/kubepods.slice/crio-" THIRD ".scope");
	assert_says(found, "name", "app");
	assert_says(found, "image.name", "quay.io/acme/app:2");
	assert_says(found, "pod.name", "web-0");
	assert_says(found, "pod.namespace", "prod");
	assert_says(found, "runtime", "cri-o");
	json_decref(found);

	/* A user's own, in the home; and no link below it is followed. */
	if (!user || *user->pw_dir != '/')
		skip();
	snprintf(path, sizeof(path), "%s/.local/share/containers/storage/vfs-containers/containers.json",
		 user->pw_dir);
	snprintf(cgroup, sizeof(cgroup), "/user.slice/user-%u.slice/user@%u.service/user.slice/libpod-"
		 FOURTH ".scope", getuid(), getuid());
	dir_put(path, "[{\"id\":\"" FOURTH "\",\"names\":[\"mine\"]}]");
	found = look(cgroup);
	assert_says(found, "name", "mine");
	assert_says(found, "source", path);
	json_decref(found);
	snprintf(path, sizeof(path), "cd %s%s/.local/share/containers && mv storage else && ln -s else storage",
		 dir, user->pw_dir);
	assert_int_equal(system(path), 0);
	found = look(cgroup);
	assert_null(doc_get(found, "name"));
	assert_non_null(strstr(doc_string(found, "missing"), "it is a link"));
	json_decref(found);
}

#define TASK "/run/containerd/io.containerd.runtime.v2.task/"

static void containerd(void **state)
{
	json_t *found;

	(void)state;
	/* The largest limit there is, and an unsigned one. */
	dir_put(TASK "k8s.io/" ID "/config.json",
		 "{\"ociVersion\":\"1.0.2\",\"process\":{\"rlimits\":[{\"type\":\"RLIMIT_NOFILE\",\"hard\":18446744073709551615}]},"
		 "\"annotations\":{\"io.kubernetes.cri.container-name\":\"app\",\"io.kubernetes.cri.container-type\":\"container\","
		 "\"io.kubernetes.cri.image-name\":\"docker.io/library/nginx:1.25\",\"io.kubernetes.cri.sandbox-id\":\"" OTHER "\","
		 "\"io.kubernetes.cri.sandbox-name\":\"web-0\",\"io.kubernetes.cri.sandbox-namespace\":\"prod\"}}");
	dir_put(TASK "default/" OTHER "/config.json",
		 "{\"annotations\":{\"nerdctl/name\":\"web\",\"label\":\"a\\u0000b\"}}");
	found = look("/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope");
	assert_says(found, "name", "app");
	assert_says(found, "image.name", "docker.io/library/nginx:1.25");
	assert_says(found, "pod.name", "web-0");
	assert_says(found, "pod.namespace", "prod");
	assert_says(found, "runtime", "containerd");
	assert_says(found, "namespace", "k8s.io");
	json_decref(found);
	found = look("/system.slice/nerdctl-" OTHER ".scope");
	assert_says(found, "name", "web");
	assert_null(doc_get(found, "image"));
	json_decref(found);
}

static void below_the_engines(void **state)
{
	json_t *found;

	(void)state;
	dir_put("/run/runc/web/state.json",
		 "{\"id\":\"web\",\"init_process_pid\":812,\"init_process_start\":4711,"
		 "\"created\":\"2026-01-14T07:59:59.123456789Z\",\"config\":{\"rootfs\":\"/srv/web/rootfs\","
		 "\"labels\":[\"io.kubernetes.cri.image-name=nginx:1.25\",\"odd\",\"bundle=/srv/web\"]}}");
	dir_put("/run/crun/db/status",
		 "{\n    \"pid\": 812,\n    \"process-start-time\": 4711,\n    \"cgroup-path\": \"/system.slice/crun-db.scope\","
		 "\n    \"rootfs\": \"/srv/db/rootfs\",\n    \"bundle\": \"/srv/db\",\n    \"created\": \"2026-01-15T10:00:00.1Z\"\n}\n");
	dir_put("/run/systemd/machines/web-1",
		 "# This is private data. Do not parse.\nNAME=web-1\nSCOPE=systemd-nspawn@web\\x2d1.service\n"
		 "SERVICE=systemd-nspawn\nROOT=/var/lib/machines/web-1\nLEADER=812\nCLASS=container\n"
		 "REALTIME=1768377599000000\nMONOTONIC=1\n");
	dir_put("/var/lib/lxc/web/config",
		 "# Template used to create this container: /usr/share/lxc/templates/lxc-download\n"
		 "lxc.include = /usr/share/lxc/config/common.conf\nlxc.rootfs.path = dir:/var/lib/lxc/web/rootfs\n");

	found = look("/system.slice/runc-web.scope");
	assert_says(found, "name", "web");
	assert_says(found, "image.name", "nginx:1.25");
	assert_says(found, "bundle", "/srv/web");
	assert_says(found, "rootfs", "/srv/web/rootfs");
	assert_says(found, "runtime", "runc");
	json_decref(found);

	/* A name comes again: this one was made after the finding. */
	put_group("/system.slice/crun-db.scope");
	found = look("/system.slice/crun-db.scope");
	assert_says(found, "bundle", "/srv/db");
	assert_says(found, "state", "replaced");
	json_decref(found);

	found = look("/machine.slice/systemd-nspawn@web\\x2d1.service/payload");
	assert_says(found, "name", "web-1");
	assert_says(found, "rootfs", "/var/lib/machines/web-1");
	assert_says(found, "created", "2026-01-14T07:59:59Z");
	json_decref(found);
	found = look("/lxc.payload.web/system.slice/ssh.service");
	assert_says(found, "rootfs", "dir:/var/lib/lxc/web/rootfs");
	assert_says(found, "runtime", "lxc");
	json_decref(found);
}

static void what_cannot_be_had_says_why(void **state)
{
	char command[300];
	json_t *found;

	(void)state;
	assert_true(json_is_null(look("/system.slice/ssh.service")));
	assert_true(json_is_null(look("")));
	found = look("/system.slice/docker-" ID ".scope");
	assert_says(found, "id", ID);
	assert_says(found, "state", "gone");
	assert_non_null(strstr(doc_string(found, "words"), "it is gone"));
	assert_non_null(strstr(doc_string(found, "missing"), "none of the files"));
	assert_int_equal(json_array_size(doc_get(found, "looked")), 2);
	json_decref(found);

	put_group("/system.slice/docker-" ID ".scope");
	found = look("/system.slice/docker-" ID ".scope");
	assert_says(found, "state", "running");
	json_decref(found);

	dir_put("/var/lib/docker/containers/" ID "/config.v2.json", "{\"Name\":");
	found = look("/system.slice/docker-" ID ".scope");
	assert_says(found, "missing",
		    "/var/lib/docker/containers/" ID "/config.v2.json: it is no JSON that could be read");
	json_decref(found);

	/* Nobody is kept waiting, and nothing is read for ever. */
	snprintf(command, sizeof(command), "cd %s/var/lib/docker/containers/%s && rm config.v2.json && mkfifo config.v2.json",
		 dir, ID);
	assert_int_equal(system(command), 0);
	found = look("/system.slice/docker-" ID ".scope");
	assert_non_null(strstr(doc_string(found, "missing"), "no regular file"));
	json_decref(found);
	snprintf(command, sizeof(command), "cd %s/var/lib/docker/containers/%s && rm config.v2.json && truncate -s 9M config.v2.json",
		 dir, ID);
	assert_int_equal(system(command), 0);
	found = look("/system.slice/docker-" ID ".scope");
	assert_non_null(strstr(doc_string(found, "missing"), "larger"));
	json_decref(found);
	snprintf(command, sizeof(command), "cd %s/var/lib/docker/containers/%s && rm config.v2.json && ln -s /etc/passwd config.v2.json",
		 dir, ID);
	assert_int_equal(system(command), 0);
	found = look("/system.slice/docker-" ID ".scope");
	assert_non_null(strstr(doc_string(found, "missing"), "it is a link"));
	json_decref(found);

	/* A part of a path that leads elsewhere is no name. */
	dir_put("/run/state.json", "{\"id\":\"..\"}");
	dir_put("/run/runc/x/state.json", "{}");
	found = look("/system.slice/runc-...scope");
	assert_says(found, "id", "..");
	assert_null(doc_get(found, "source"));
	json_decref(found);
}

/* Names are somebody's choice. */
static void names_are_inert(void **state)
{
	char *text = NULL, *config = malloc(70000);
	json_t *found;
	size_t size;
	FILE *out;

	(void)state;
	assert_non_null(config);
	memset(config, 'a', 69999);
	memcpy(config, "{\"Config\":{\"Image\":\"", 20);
	strcpy(config + 60000, "\"},\"Name\":\"/a\\u001b[31m\\u202eb\\ntold by  x\",\"Created\":5}");
	dir_put("/var/lib/docker/containers/" ID "/config.v2.json", config);
	found = look("/docker/" ID);
	assert_int_equal(json_string_length(doc_get(found, "image.name")), 512);
	assert_null(doc_get(found, "created"));
	out = open_memstream(&text, &size);
	explain_print_container(out, found);
	assert_int_equal(fclose(out), 0);
	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "\u202e"));
	assert_non_null(strstr(text, "\"a\\x1b[31m\\u{202e}b\\x0atold by  x\""));
	free(text);
	free(config);
	json_decref(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(docker, begin, finish),
		cmocka_unit_test_setup_teardown(storage, begin, finish),
		cmocka_unit_test_setup_teardown(containerd, begin, finish),
		cmocka_unit_test_setup_teardown(below_the_engines, begin, finish),
		cmocka_unit_test_setup_teardown(what_cannot_be_had_says_why, begin, finish),
		cmocka_unit_test_setup_teardown(names_are_inert, begin, finish),
	};

	return cmocka_run_group_tests_name("ctl_container", tests, NULL, NULL);
}
