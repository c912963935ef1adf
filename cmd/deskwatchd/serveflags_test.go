package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"deskwatch/core"
)

func TestServeTakesTheServerOfThisRunFromItsFlags(t *testing.T) {
	on := core.DefaultServerSettings()
	on.Enabled, on.Address, on.TLS, on.InsecureHTTP, on.Hosts = true, "0.0.0.0:8750", core.TLSOff, true, []string{"desk.example"}
	off := core.DefaultServerSettings()
	for name, c := range map[string]struct {
		flags    serveFlags
		settings core.ServerSettings
		wrong    string
		ok       bool
		check    func(core.ServerSettings) bool
	}{
		"nothing":    {serveFlags{}, on, "", false, nil},
		"an address": {serveFlags{addr: "127.0.0.1:1"}, off, "", true, func(s core.ServerSettings) bool { return s.Address == "127.0.0.1:1" && s.TLS == core.TLSOff }},
		"an address is not allowed to be reached without TLS because another was": {serveFlags{addr: "0.0.0.0:1"}, on, "", true, func(s core.ServerSettings) bool { return !s.InsecureHTTP }},
		"without TLS": {serveFlags{addr: "0.0.0.0:1", insecure: true}, off, "", true, func(s core.ServerSettings) bool { return s.InsecureHTTP }},
		"files": {serveFlags{addr: ":1", cert: "c", key: "k"}, off, "", true, func(s core.ServerSettings) bool {
			return s.TLS == core.TLSFiles && s.CertFile == "c" && s.KeyFile == "k"
		}},
		"a certificate of the desk's":    {serveFlags{generated: true}, on, "", true, func(s core.ServerSettings) bool { return s.TLS == core.TLSGenerated && s.Address == "0.0.0.0:8750" }},
		"a name more":                    {serveFlags{hosts: []string{"b.example"}}, on, "", true, func(s core.ServerSettings) bool { return slices.Equal(s.Hosts, []string{"desk.example", "b.example"}) }},
		"a name of a server that is off": {serveFlags{hosts: []string{"b.example"}}, off, "--addr", false, nil},
		"a certificate without a key":    {serveFlags{addr: ":1", cert: "c"}, off, "go together", false, nil},
		"two certificates":               {serveFlags{addr: ":1", cert: "c", key: "k", generated: true}, off, "either", false, nil},
	} {
		got, ok, err := c.flags.settings(c.settings)
		var usage usageError
		switch {
		case c.wrong != "":
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: %v, want that the usage is wrong: %s", name, err, c.wrong)
			}
		case err != nil || ok != c.ok || c.check != nil && !c.check(got):
			t.Errorf("%s: %+v %t %v", name, got, ok, err)
		}
	}
	if !slices.Equal(on.Hosts, []string{"desk.example"}) {
		t.Error("the settings were changed")
	}
}
