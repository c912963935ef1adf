package settings

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"deskwatch/core"
)

// Entry is one setting under its dotted name, as a command line shows it.
type Entry struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// List returns every setting in the order core.Settings declares them. Lists and tables are
// JSON; a time is RFC 3339, or empty for none.
func List(s core.Settings) []Entry {
	var list []Entry
	eachField(&s, func(name string, field reflect.Value) {
		list = append(list, Entry{name, format(field)})
	})
	return list
}

// Set returns s with one setting changed. value is written as List shows it; a list may also
// be given as its only member. The result is not validated: Check and Save do that.
func Set(s core.Settings, name, value string) (core.Settings, error) {
	s = clone(s)
	found := false
	var err error
	eachField(&s, func(n string, field reflect.Value) {
		if n == name {
			found, err = true, parse(field, name, value)
		}
	})
	if !found {
		var names []string
		for _, e := range List(s) {
			names = append(names, e.Name)
		}
		err = invalid(fmt.Sprintf("There is no setting %q. Use one of: %s.", name, strings.Join(names, ", ")), nil)
	}
	return s, err
}

// reset gives one setting its default value.
func reset(s *core.Settings, name string) {
	standard := core.DefaultSettings()
	defaults := map[string]reflect.Value{}
	eachField(&standard, func(n string, field reflect.Value) { defaults[n] = field })
	eachField(s, func(n string, field reflect.Value) {
		if n == name {
			field.Set(defaults[n])
		}
	})
}

// eachField visits the fields of the groups. Settings are two levels deep: group and setting.
func eachField(s *core.Settings, visit func(name string, field reflect.Value)) {
	groups := reflect.ValueOf(s).Elem()
	for i := range groups.NumField() {
		group := groups.Field(i)
		for j := range group.NumField() {
			visit(jsonName(groups.Type().Field(i))+"."+jsonName(group.Type().Field(j)), group.Field(j))
		}
	}
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func format(field reflect.Value) string {
	value := field.Interface()
	if t, ok := value.(time.Time); ok {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	switch field.Kind() {
	case reflect.Slice, reflect.Map, reflect.Struct:
		if text, err := json.Marshal(value); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(value)
}

func parse(field reflect.Value, name, value string) error {
	switch field.Interface().(type) {
	case time.Time:
		if value == "" {
			field.SetZero()
			return nil
		}
		t, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return invalid(fmt.Sprintf("%q is not a time for %s. Write it as 2023-06-30T08:00:00Z, or empty for none.", value, name), err)
		}
		field.Set(reflect.ValueOf(t))
		return nil
	case []string:
		if trimmed := strings.TrimSpace(value); trimmed != "[]" && !strings.HasPrefix(trimmed, "[\"") {
			field.Set(reflect.ValueOf([]string{value}))
			return nil
		}
		return parseJSON(field, name, value)
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString(value)
	case reflect.Bool:
		b, err := strconv.ParseBool(value)
		if err != nil {
			return invalid(fmt.Sprintf("%q is not a choice for %s. Use true or false.", value, name), err)
		}
		field.SetBool(b)
	case reflect.Int:
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil {
			return invalid(fmt.Sprintf("%q is not a whole number for %s.", value, name), err)
		}
		field.SetInt(int64(n))
	default:
		return parseJSON(field, name, value)
	}
	return nil
}

// example shows how a setting that is a list or a table is written.
func example(name string) string {
	switch name {
	case "orders.statuses":
		return `{"lost in post":"cancelled"}`
	case "clock.frames":
		return `[{"day":1,"from":540,"to":1020}], where day 0 is Sunday and the rest are minutes since midnight`
	case "clock.targets":
		return `[{"product":"","priority":"any","minutes":480}]`
	case "clock.stopped_by":
		return `["pending","held"]`
	}
	return `["first","second"]`
}

func parseJSON(field reflect.Value, name, value string) error {
	target := reflect.New(field.Type())
	if err := json.Unmarshal([]byte(value), target.Interface()); err != nil {
		return invalid(fmt.Sprintf("The value of %s cannot be read. Write it as JSON, such as %s.", name, example(name)), err)
	}
	field.Set(target.Elem())
	return nil
}

func invalid(message string, cause error) error {
	return core.NewError(core.CodeInvalid, "settings.set", message, cause)
}
