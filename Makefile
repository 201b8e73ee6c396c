# SPDX-License-Identifier: GPL-2.0-or-later
#
# The doors of wxguard. "make help" lists them. The module's objects are listed
# in Kbuild, which serves this file, DKMS and a plain "make -C KDIR M=$PWD".

# The version stands in dkms.conf, because DKMS reads it literally.
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\{0,1\}\([^"]*\)"\{0,1\}$$/\1/p' dkms.conf 2>/dev/null)

# The kernel to build for: the running one when its headers are here, else the
# one that the virtual machine boots. KERNEL=RELEASE chooses another.
ifeq ($(origin KERNEL),undefined)
running := $(shell uname -r)
KERNEL = $(if $(wildcard /lib/modules/$(running)/build/Makefile),$(running),$(shell scripts/kernel-release))
endif

B := build
PREFIX ?= /usr
DESTDIR ?=
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
UDEVDIR ?= $(PREFIX)/lib/udev/rules.d
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
INSTALL ?= install

# Set by tests that count what of the programs is run.
INSTRUMENT ?=

CC ?= gcc
CFLAGS ?= -O2 -g
override CFLAGS += -std=gnu11 -Wall -Wextra -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	-Wvla -Wformat=2 -Werror=implicit-function-declaration \
	-fstack-protector-strong -fPIE $(INSTRUMENT)
override CPPFLAGS += -D_GNU_SOURCE -D_FORTIFY_SOURCE=2 -Iinclude -Iuserspace -Iuserspace/lib \
	-DWXGUARD_VERSION='"$(VERSION)"'
override LDFLAGS += -pie -Wl,-z,relro,-z,now,--as-needed $(INSTRUMENT)
libraries := libmnl sqlite3 jansson libconfuse libcap-ng nettle
LIBS := $(shell pkg-config --libs $(libraries) 2>/dev/null)

.PHONY: all module userspace man e2e check demo lint unit cli ecs kunit vm e2e-check vectors \
	vm-check integration subjects system install-test debug stress fuzz bench coverage mutate matrix deb install dkms-install setup clean help
.DELETE_ON_ERROR:

all: module userspace

help:
	@echo 'make                the module and the userspace programs, in build/'
	@echo 'make module         the module only; KERNEL=RELEASE for a chosen kernel'
	@echo 'make userspace      wxguard and wxguardd in build/bin'
	@echo 'make man            the manual pages in build/man'
	@echo 'make e2e            the programs of the scenarios in build/e2e'
	@echo 'make install        programs, pages, units, configuration; DESTDIR=, PREFIX=$(PREFIX)'
	@echo 'make dkms-install   the module through DKMS, for the running kernel'
	@echo 'make deb            the Debian packages in build/deb, built twice and compared'
	@echo 'make setup          installs through apt what the rest needs (root)'
	@echo 'make demo           attacks and innocent twins in a virtual machine'
	@echo 'make check          all tests; the last line is their count'
	@echo 'make vectors        run every way in, write docs/vectors.md of what was seen'
	@echo 'make lint unit cli ecs kunit vm-check e2e-check    one part of check'
	@echo 'make system         a whole Debian under enforce, used and attacked (3 minutes)'
	@echo 'make install-test   the packages in a Debian that boots: DKMS, upgrade, purge (25 min)'
	@echo 'make integration    formats, metrics, shipping: read by those that they are for (15 min)'
	@echo 'make subjects       programs of others, with and without the module; half an hour'
	@echo 'make debug          every scenario on a kernel with KASAN and lockdep'
	@echo 'make stress         storms: load and unload, kill, fill, starve, under fire'
	@echo 'make fuzz           hostile netlink, rules, configuration and text'
	@echo 'make bench          what it costs, in instructions, beside its peers'
	@echo 'make coverage       which lines the tests reach'
	@echo 'make mutate         breaks the code in many ways; a test must see each'
	@echo 'make matrix         builds for and runs on each kernel it names, one table'
	@echo 'make clean          removes build/'
	@echo
	@echo 'tests/vm/run --help  any command in a virtual machine with wxguard loaded'

setup:
	@scripts/setup

# ---- the module --------------------------------------------------------------

module:
	@release='$(KERNEL)'; [ -n "$$release" ] && exec scripts/build-module "$$release"

# ---- userspace ---------------------------------------------------------------

# module/core is pure and serves both sides.
lib_src := $(wildcard userspace/lib/*.c module/core/*.c)
ctl_src := $(wildcard userspace/ctl/*.c)
daemon_src := $(wildcard userspace/daemon/*.c)
objects = $(patsubst %.c,$(B)/obj/%.o,$(1))

userspace: $(B)/bin/wxguard $(B)/bin/wxguardd

have-libraries:
	@pkg-config --exists $(libraries) 2>/dev/null || { \
		echo 'userspace: pkg-config does not find all of $(libraries): run scripts/setup as root, or install their -dev packages.' >&2; \
		exit 1; }
.PHONY: have-libraries

$(B)/obj/lib.a: $(call objects,$(lib_src))
	rm -f $@
	$(AR) rcs $@ $^

$(B)/bin/wxguard: $(call objects,$(ctl_src)) $(B)/obj/lib.a
$(B)/bin/wxguardd: $(call objects,$(daemon_src)) $(B)/obj/lib.a
$(B)/bin/wxguard $(B)/bin/wxguardd:
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/obj/%.o: %.c $(B)/obj/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Objects depend on the flags they were compiled with.
$(B)/obj/flags: force | have-libraries
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(CC) $(CPPFLAGS) $(CFLAGS))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(CC) $(CPPFLAGS) $(CFLAGS))' > $@
force: ;
.PHONY: force

-include $(patsubst %.o,%.d,$(call objects,$(lib_src) $(ctl_src) $(daemon_src)))

# ---- manual pages --------------------------------------------------------------

pages := $(patsubst userspace/man/%.scd,$(B)/man/%,$(wildcard userspace/man/*.[1-8].scd))

man: $(pages)

# Prints the table of fields; it runs here, so it is compiled for this machine.
HOSTCC ?= gcc
$(B)/fields: userspace/man/fields.c userspace/lib/ecs_fields.c userspace/lib/ecs_fields.h
	@mkdir -p $(@D)
	@$(HOSTCC) -O1 -std=gnu11 -o $@ $(filter %.c,$^)

$(B)/fields.scd: $(B)/fields
	@$< > $@

# The table of programs that compile at run time is made by tests/subjects.
tables := userspace/man/jit-table.scd $(B)/fields.scd
$(B)/man/%: userspace/man/%.scd $(tables)
	@mkdir -p $(@D)
	@sed -e '/^; SPDX/d' -e '/^@JIT-TABLE@$$/{' -e 'r userspace/man/jit-table.scd' -e 'd' -e '}' \
		-e '/^@FIELDS@$$/{' -e 'r $(B)/fields.scd' -e 'd' -e '}' $< | \
		sed '/^; /d' | scdoc > $@

# ---- completion ----------------------------------------------------------------

# The program prints it. Where it is compiled for another machine RUN= names an
# emulator that runs it; without one there is no completion.
RUN ?=
machines = $(shell $(CC) -dumpmachine; $(HOSTCC) -dumpmachine)
runs = $(or $(RUN),$(filter 1,$(words $(sort $(machines)))))
completion: $(if $(runs),$(patsubst %,$(B)/completion/%,bash zsh fish))
	$(if $(runs),,@echo 'completion: left out, wxguard does not run on this machine; RUN=EMULATOR helps.' >&2)
.PHONY: completion

$(B)/completion/%: $(B)/bin/wxguard
	@mkdir -p $(@D)
	@$(RUN) $< completion $* > $@

# ---- the programs of the scenarios -------------------------------------------

e2e:
	@$(MAKE) -s -C tests/e2e OUT=$(CURDIR)/$(B)/e2e

# ---- tests -------------------------------------------------------------------

check: setup
	@scripts/check

lint:
	@tests/lint/run
unit:
	@$(MAKE) -s -C tests/unit check
cli: userspace
	@tests/cli/run
ecs: userspace
	@tests/ecs/run
kunit:
	@tests/kunit/run
vm vm-check:
	@tests/vm/selftest
e2e-check:
	@tests/e2e/run

vectors:
	@tests/e2e/run --table docs/vectors.md

system: setup
	@tests/system/run

install-test: setup
	@tests/install/run

# Its parts install what they need.
integration: setup
	@tests/integration/run

# Not part of check: the packages of the subjects are large.
subjects: setup
	@tests/subjects/run

# Longer proofs, each with --help of its own.
debug stress fuzz bench coverage mutate matrix: setup
	@tests/$@/run

demo: setup
	@tests/e2e/demo

# ---- installation ------------------------------------------------------------

install: userspace man completion
	$(INSTALL) -D -m 755 $(B)/bin/wxguard $(DESTDIR)$(PREFIX)/bin/wxguard
	$(INSTALL) -D -m 755 $(B)/bin/wxguardd $(DESTDIR)$(PREFIX)/sbin/wxguardd
	$(INSTALL) -D -m 644 include/uapi/linux/wxguard.h $(DESTDIR)$(PREFIX)/include/linux/wxguard.h
	$(INSTALL) -d -m 755 $(DESTDIR)$(SYSCONFDIR)/wxguard/conf.d $(DESTDIR)$(SYSCONFDIR)/wxguard/trusted.d
	$(INSTALL) -d -m 750 $(DESTDIR)/var/lib/wxguard $(DESTDIR)/var/log/wxguard
	@set -e; for f in $(wildcard userspace/presets/*.conf); do \
		$(INSTALL) -D -m 644 $$f $(DESTDIR)/usr/share/wxguard/presets/$${f##*/}; done
	@set -e; for f in $$(find integrations -type f ! -name 'make-*'); do \
		$(INSTALL) -D -m 644 $$f $(DESTDIR)/usr/share/wxguard/$$f; done
	@set -e; for f in $(wildcard userspace/etc/*.conf); do \
		if [ -e "$(DESTDIR)$(SYSCONFDIR)/wxguard/$${f##*/}" ]; then \
			echo "$(SYSCONFDIR)/wxguard/$${f##*/} is there already and is kept."; \
		else \
			$(INSTALL) -D -m 640 $$f $(DESTDIR)$(SYSCONFDIR)/wxguard/$${f##*/}; \
		fi; done
	@set -e; for f in $(wildcard userspace/systemd/*.service userspace/systemd/*.socket); do \
		$(INSTALL) -D -m 644 $$f $(DESTDIR)$(UNITDIR)/$${f##*/}; \
		sed -i 's|=/usr/sbin/|=$(PREFIX)/sbin/|' $(DESTDIR)$(UNITDIR)/$${f##*/}; done
	@set -e; for f in $(wildcard userspace/systemd/rules.d/*.rules); do \
		$(INSTALL) -D -m 644 $$f $(DESTDIR)$(UDEVDIR)/$${f##*/}; done
	@set -e; for f in $(wildcard userspace/systemd/*.d/*.conf); do \
		$(INSTALL) -D -m 644 $$f $(DESTDIR)$(PREFIX)/lib/$${f#userspace/systemd/}; done
	$(INSTALL) -D -m 644 userspace/etc/modprobe.d/wxguard.conf $(DESTDIR)$(SYSCONFDIR)/modprobe.d/wxguard.conf
	$(INSTALL) -D -m 644 userspace/apparmor/usr.sbin.wxguardd $(DESTDIR)$(SYSCONFDIR)/apparmor.d/usr.sbin.wxguardd
	@sed -i 's|/usr/sbin/wxguardd|$(PREFIX)/sbin/wxguardd|' $(DESTDIR)$(SYSCONFDIR)/apparmor.d/usr.sbin.wxguardd
	@set -e; for f in $(pages); do \
		$(INSTALL) -D -m 644 $$f $(DESTDIR)$(PREFIX)/share/man/man$${f##*.}/$${f##*/}; done
	@set -e; put() { [ ! -e $(B)/completion/$$1 ] || $(INSTALL) -D -m 644 $(B)/completion/$$1 $(DESTDIR)$$2; }; \
		put bash $(PREFIX)/share/bash-completion/completions/wxguard; \
		put zsh $(ZSHDIR)/_wxguard; \
		put fish $(PREFIX)/share/fish/vendor_completions.d/wxguard.fish
	$(INSTALL) -D -m 644 userspace/systemd/wxguard.catalog $(DESTDIR)$(PREFIX)/lib/systemd/catalog/wxguard.catalog

deb:
	@scripts/setup debhelper dh-dkms dh-apparmor lintian fakeroot
	@scripts/deb

dkms-install:
	@scripts/dkms-install '$(VERSION)' '$(DESTDIR)'

clean:
	rm -rf $(B)
