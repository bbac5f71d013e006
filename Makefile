# `make` builds the program and `make install` puts it, its manual and its completions in PREFIX.
PREFIX ?= /usr/local
bin = $(DESTDIR)$(PREFIX)/bin
share = $(DESTDIR)$(PREFIX)/share

.PHONY: all install bench

all:
	.ci/package

# Compares the program with what it competes with; needs a quiet machine. `make bench EFFORT=--quick`
bench: all
	order=$$PWD/.build/hot-path.symbols; [ ! -e $$order ] || export PLANET_CRED_ORDER=$$order; \
	swift run -c release bench $(EFFORT)

install:
	install -D -m 755 -t $(bin) .build/release/planet-cred
	ln -sf planet-cred $(bin)/git-credential-planet
	install -D -m 644 -t $(share)/man/man1 man/planet-cred.1
	install -D -m 644 -t $(share)/man/man5 man/planet-cred-profile.5
	install -D -m 644 completions/planet-cred.bash $(share)/bash-completion/completions/planet-cred
	install -D -m 644 completions/_planet-cred $(share)/zsh/site-functions/_planet-cred
	install -D -m 644 completions/planet-cred.fish $(share)/fish/vendor_completions.d/planet-cred.fish
