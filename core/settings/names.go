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
	switch v := field.Interface().(type) {
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.Format(time.RFC3339)
	case []string, map[string]core.Status:
		text, err := json.Marshal(v)
		if err != nil { // a status no table knows writes itself all the same
			return fmt.Sprint(v)
		}
		return string(text)
	}
	return fmt.Sprint(field.Interface())
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
		if !strings.HasPrefix(strings.TrimSpace(value), "[\"") {
			field.Set(reflect.ValueOf([]string{value}))
			return nil
		}
		return parseJSON(field, name, value, `["first","second"]`)
	case map[string]core.Status:
		return parseJSON(field, name, value, `{"lost in post":"cancelled"}`)
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
		return core.NewError(core.CodeInternal, "settings.set", fmt.Sprintf("%s cannot be set by name. Use the window.", name), nil)
	}
	return nil
}

func parseJSON(field reflect.Value, name, value, example string) error {
	target := reflect.New(field.Type())
	if err := json.Unmarshal([]byte(value), target.Interface()); err != nil {
		return invalid(fmt.Sprintf("The value of %s cannot be read. Write it as JSON, such as %s.", name, example), err)
	}
	field.Set(target.Elem())
	return nil
}

func invalid(message string, cause error) error {
	return core.NewError(core.CodeInvalid, "settings.set", message, cause)
}
