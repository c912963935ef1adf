package alert

import (
	"fmt"
	"strings"

	"deskwatch/core"
)

// CheckRule lists what is wrong with a rule, by the JSON name of its field; nil when it can be used.
func CheckRule(r core.Rule) []core.SettingProblem {
	var list []core.SettingProblem
	bad := func(name, format string, args ...any) {
		list = append(list, core.SettingProblem{Name: name, Message: fmt.Sprintf(format, args...)})
	}
	within := func(name, what string, n, low, high int) {
		if n < low || n > high {
			bad(name, "%s must be between %d and %d; %d is not.", what, low, high, n)
		}
	}
	if strings.TrimSpace(r.Name) == "" {
		bad("name", "Give the rule a name, so that its mails and its history can be told apart.")
	} else if len(r.Name) > 200 {
		bad("name", "The name is too long. Use at most 200 characters.")
	}
	if len(r.Statuses.List()) == 0 {
		bad("statuses", "Choose at least one status that counts.")
	}
	within("threshold", "The number of orders", r.Threshold, 1, 1000)
	if r.Days != 0 { // 0 is a calendar month
		within("days", "The number of days", r.Days, 2, 366)
	}
	within("step", "The growth that is mailed again", r.Step, 0, 1000)
	within("cap", "The number of alerts per run", r.Cap, 1, 1000)
	if !r.ToCustomer && len(r.ToFixed) == 0 {
		bad("to_fixed", "Name at least one recipient: the customer, or an address of your own.")
	}
	if len(r.ToFixed) > 100 {
		bad("to_fixed", "There are %d addresses. Use at most 100, or a mailing list.", len(r.ToFixed))
	}
	for _, a := range r.ToFixed {
		if _, ok := mailbox(a); !ok {
			bad("to_fixed", "%q is not a mail address. Write it as name@company.com.", a)
		}
	}
	s := r.Schedule
	switch s.Kind {
	case core.ScheduleOff:
	case core.ScheduleMinutes:
		within("schedule.minutes", "The minutes between two checks", s.Minutes, 1, 1440)
	case core.ScheduleMonthly:
		within("schedule.day", "The day of the month", s.Day, 1, 31)
		fallthrough
	case core.ScheduleDaily:
		within("schedule.hour", "The hour", s.Hour, 0, 23)
		fallthrough
	case core.ScheduleHourly:
		within("schedule.minute", "The minute", s.Minute, 0, 59)
	default:
		bad("schedule.kind", "%q is not a schedule. Use one of: off, minutes, hourly, daily, monthly.", s.Kind)
	}
	return list
}
