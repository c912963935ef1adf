package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"deskwatch/core"
)

func (s *Server) deskRoutes() []*route {
	change := operation(http.MethodPatch, v1+"/settings", core.EditSettings, deskTag, "Change settings by their names", s.changeSettings)
	change.text = "`{\"mail.host\": \"mail.example.org\"}`: all of them, or none. How the desk is reached and signed in to only an admin may change."
	list := operation(http.MethodGet, v1+"/settings", core.ReadSettings, deskTag, "Every setting by its name", s.settings)
	list.text = "Values are text, as PATCH takes them. No password is among them."
	return []*route{
		operation(http.MethodGet, v1+"/overview", core.ReadTickets, deskTag, "What needs somebody now", s.overview),
		operation(http.MethodGet, v1+"/sources", core.ReadSettings, deskTag, "Where tickets come from, and how that goes", s.sources),
		operation(http.MethodGet, v1+"/logs", core.ReadLogs, deskTag, "The newest lines of the log, oldest first", s.logs),
		list, change,
	}
}

func (s *Server) overview(ctx context.Context, _ *struct{}) (*body[core.Overview], error) {
	return answerWith(s.Desk.Overview(ctx))
}

type sourceList struct {
	Items []core.SourceReport `json:"items"`
}

func (s *Server) sources(ctx context.Context, _ *struct{}) (*body[sourceList], error) {
	list, err := s.Desk.Sources(ctx)
	return answerWith(sourceList{orEmpty(list)}, err)
}

type logsIn struct {
	Level string `query:"level" enum:"debug,info,warn,error" doc:"This level and above"`
	Text  string `query:"text" maxLength:"500" doc:"Contained, in any case"`
	After uint64 `query:"after" doc:"Only lines with a higher seq"`
	Limit int    `query:"limit" default:"100" doc:"How many at most, 1 to 1000; more and less are taken for these"`
}

type logLine struct {
	Seq   uint64    `json:"seq" doc:"0 for lines of an earlier run"`
	Time  time.Time `json:"time"`
	Level string    `json:"level"`
	Where string    `json:"where"`
	Text  string    `json:"text"`
}

type logList struct {
	Items []logLine `json:"items"`
}

func (s *Server) logs(ctx context.Context, in *logsIn) (*body[logList], error) {
	lines, err := s.Desk.ReadLog(ctx, core.LogQuery{MinLevel: in.Level, Text: in.Text, After: in.After, Limit: Paged{Limit: in.Limit}.limit()})
	list := logList{Items: make([]logLine, len(lines))}
	for i, l := range lines {
		list.Items[i] = logLine(l)
	}
	return answerWith(list, err)
}

func (s *Server) settings(ctx context.Context, _ *struct{}) (*body[map[string]string], error) {
	return answerWith(s.Desk.NamedSettings(ctx))
}

type changeSettingsIn struct{ Body map[string]any }

type changed struct {
	Notes []string `json:"notes" doc:"What else was done, for people"`
}

func (s *Server) changeSettings(ctx context.Context, in *changeSettingsIn) (*body[changed], error) {
	pairs := make([]string, 0, len(in.Body))
	for name, value := range in.Body {
		text, err := settingText(name, value)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, name+"="+text)
	}
	slices.Sort(pairs) // the first that is wrong is the same one every time
	notes, err := s.Desk.SetSettings(ctx, pairs)
	return answerWith(changed{orEmpty(notes)}, err)
}

// settingText writes a value as settings are given: text as it is, lists and tables as JSON.
func settingText(name string, value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case nil:
		return "", core.NewError(core.CodeInvalid, "api.settings", "The setting "+name+" has no value. No setting was changed.", nil)
	}
	b, err := json.Marshal(value)
	return string(b), err
}
