package settings

import (
	"strings"
	"testing"

	"deskwatch/core"
)

func TestCheckNamesWhatIsWrongWithTheServerAndSigningIn(t *testing.T) {
	for _, tt := range []struct {
		name, says string
		change     func(*core.Settings)
	}{
		{"server.tls", "maybe", func(s *core.Settings) { s.Server.TLS = "maybe" }},
		{"server.address", "127.0.0.1:8750", func(s *core.Settings) { s.Server.Address = "here" }},
		{"server.address", "127.0.0.1:8750", func(s *core.Settings) { s.Server.Address = "127.0.0.1:0" }},
		{"server.address", "127.0.0.1:8750", func(s *core.Settings) { s.Server.Address = "127.0.0.1:http" }},
		{"server.address", "127.0.0.1:8750", func(s *core.Settings) { s.Server.Address = "http://desk:8750" }},
		{"server.address", "127.0.0.1:8750", func(s *core.Settings) { s.Server.Address = "a\nb:8750" }},
		{"server.tls", "Others can reach 0.0.0.0:8750", func(s *core.Settings) { s.Server.Address = "0.0.0.0:8750" }},
		{"server.tls", "Others can reach :8750", func(s *core.Settings) { s.Server.Address = ":8750" }},
		{"server.tls", "Others can reach [::]:8750", func(s *core.Settings) { s.Server.Address = "[::]:8750" }},
		{"server.tls", "Others can reach desk.example:8750", func(s *core.Settings) { s.Server.Address = "desk.example:8750" }},
		{"server.cert_file", "certificate", func(s *core.Settings) { s.Server.TLS, s.Server.KeyFile = core.TLSFiles, "key.pem" }},
		{"server.key_file", "key", func(s *core.Settings) { s.Server.TLS, s.Server.CertFile = core.TLSFiles, "cert.pem" }},
		{"server.key_file", "line break", func(s *core.Settings) {
			s.Server.TLS, s.Server.CertFile, s.Server.KeyFile = core.TLSFiles, "cert.pem", "a\nb"
		}},
		{"server.hosts", "without a protocol", func(s *core.Settings) { s.Server.Hosts = []string{"https://desk.example"} }},
		{"server.hosts", "without a protocol", func(s *core.Settings) { s.Server.Hosts = []string{"desk.example", ""} }},
		{"server.hosts", "at most 50", func(s *core.Settings) { s.Server.Hosts = make([]string, 51) }},
		{"server.token_seconds", "86400", func(s *core.Settings) { s.Server.TokenSeconds = 59 }},
		{"server.max_upload_mb", "1024", func(s *core.Settings) { s.Server.MaxUploadMB = 1025 }},
		{"sign_in.mode", "never", func(s *core.Settings) { s.SignIn.Mode = "never" }},
		{"sign_in.lock_minutes", "1440", func(s *core.Settings) { s.SignIn.LockMinutes = 1441 }},
	} {
		s := core.DefaultSettings()
		tt.change(&s)
		if p := Check(s); len(p) != 1 || p[0].Name != tt.name || !strings.HasSuffix(p[0].Message, ".") || !strings.Contains(p[0].Message, tt.says) {
			t.Errorf("%s, %s: got %v", tt.name, tt.says, p)
		}
	}
}

func TestWhereTheServerMayListen(t *testing.T) {
	for _, change := range []func(*core.ServerSettings){
		func(s *core.ServerSettings) { s.Address = "localhost:80" },
		func(s *core.ServerSettings) { s.Address = "[::1]:65535" },
		func(s *core.ServerSettings) { s.Address, s.TLS = ":8750", core.TLSGenerated },
		func(s *core.ServerSettings) { s.Address, s.InsecureHTTP = "0.0.0.0:8750", true },
		func(s *core.ServerSettings) {
			s.Address, s.TLS, s.CertFile, s.KeyFile = "192.168.1.5:8750", core.TLSFiles, "c.pem", "k.pem"
		},
		func(s *core.ServerSettings) { s.Hosts = []string{"desk", "desk.example", "fe80::1"} },
	} {
		s := core.DefaultSettings()
		change(&s.Server)
		if p := Check(s); p != nil {
			t.Errorf("%+v: %v", s.Server, p)
		}
	}
}

func TestTheNamesOfTheMachineCanBeTakenAway(t *testing.T) {
	s := core.DefaultSettings()
	s.Server.Hosts = []string{"desk.example"}
	s, err := Set(s, "server.hosts", "[]")
	if err != nil || len(s.Server.Hosts) != 0 {
		t.Errorf("%q, %v", s.Server.Hosts, err)
	}
}
