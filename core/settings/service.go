package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"deskwatch/core"
)

// Service holds the settings in force. Its methods may be called from several goroutines.
type Service struct {
	repo    Repository
	publish func(core.Settings)

	saving  sync.Mutex // one Load or Save at a time
	mu      sync.RWMutex
	current core.Settings
}

// New returns a service with the default settings in force; Load brings the stored ones.
// publish is told, on the caller's goroutine, of settings that come into force and differ from
// those before, the first Load's from the defaults included.
func New(repo Repository, publish func(core.Settings)) *Service {
	return &Service{repo: repo, publish: publish, current: core.DefaultSettings()}
}

// Load reads the stored settings. What is missing has its default. A group that cannot be
// read, and a value that cannot be used, fall back to their defaults and are reported as
// problems; nothing stored is changed. Keys this program does not know are passed over, and go
// when their group is saved the next time. Calling Load again brings what another process saved.
func (s *Service) Load(ctx context.Context) ([]core.SettingProblem, error) {
	s.saving.Lock()
	defer s.saving.Unlock()
	stored, err := s.repo.LoadSettings(ctx)
	if err != nil {
		return nil, err
	}
	loaded, problems := decode(stored)
	s.enforce(loaded)
	return problems, nil
}

// Current returns a copy of the settings in force.
func (s *Service) Current() core.Settings {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return clone(s.current)
}

// Save validates and stores the groups that differ from the settings in force, and makes them
// the ones in force. When something is wrong the error is core.CodeInvalid, its message names
// every problem, and nothing is changed.
func (s *Service) Save(ctx context.Context, next core.Settings) error {
	if problems := Check(next); len(problems) > 0 {
		return asError(problems)
	}
	s.saving.Lock()
	defer s.saving.Unlock()
	before, err := encode(s.Current())
	if err != nil {
		return err
	}
	groups, err := encode(next)
	if err != nil {
		return err
	}
	maps.DeleteFunc(groups, func(name string, text []byte) bool { return string(text) == string(before[name]) })
	if len(groups) == 0 {
		return nil
	}
	if err := s.repo.SaveSettings(ctx, groups); err != nil {
		return err
	}
	s.enforce(clone(next))
	return nil
}

// enforce makes next the settings in force and publishes them when they differ.
func (s *Service) enforce(next core.Settings) {
	s.mu.Lock()
	same := reflect.DeepEqual(s.current, next)
	s.current = next
	s.mu.Unlock()
	if !same {
		s.publish(clone(next))
	}
}

func asError(problems []core.SettingProblem) error {
	words := []string{"The settings were not saved."}
	for _, p := range problems {
		words = append(words, p.Name+": "+p.Message)
	}
	return core.NewError(core.CodeInvalid, "settings.save", strings.Join(words, " "), nil)
}

// encode writes every group as JSON.
func encode(s core.Settings) (map[string][]byte, error) {
	groups := map[string][]byte{}
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		text, err := json.Marshal(v.Field(i).Interface())
		if err != nil {
			return nil, core.NewError(core.CodeInternal, "settings.encode", "The settings could not be written down. They were not saved.", err)
		}
		groups[jsonName(v.Type().Field(i))] = text
	}
	return groups, nil
}

// decode reads the groups over the defaults.
func decode(groups map[string][]byte) (core.Settings, []core.SettingProblem) {
	s := core.DefaultSettings()
	var problems []core.SettingProblem
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		name := jsonName(v.Type().Field(i))
		text, ok := groups[name]
		if !ok {
			continue
		}
		// A fresh value each: json leaves half-read groups behind when it fails.
		group := reflect.New(v.Field(i).Type())
		group.Elem().Set(reflect.ValueOf(core.DefaultSettings()).Field(i))
		if err := json.Unmarshal(text, group.Interface()); err != nil {
			problems = append(problems, core.SettingProblem{Name: name, Message: fmt.Sprintf(
				"The stored settings of %q cannot be read, so the defaults are in force. Check them and save.", name)})
			continue
		}
		v.Field(i).Set(group.Elem())
	}
	if s.Orders.Statuses == nil {
		s.Orders.Statuses = map[string]core.Status{}
	}
	for _, p := range Check(s) {
		problems = append(problems, p)
		reset(&s, p.Name)
	}
	return s, problems
}

func clone(s core.Settings) core.Settings {
	s.Orders.CustomerPatterns = slices.Clone(s.Orders.CustomerPatterns)
	s.Orders.Statuses = maps.Clone(s.Orders.Statuses)
	s.Clock.Frames = slices.Clone(s.Clock.Frames)
	s.Clock.Targets = slices.Clone(s.Clock.Targets)
	s.Clock.StoppedBy = slices.Clone(s.Clock.StoppedBy)
	return s
}
