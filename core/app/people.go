package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"deskwatch/core"
	"deskwatch/core/mail"
)

// Bounds of what a person can be given.
const (
	maxPeople      = 1000
	maxPersonName  = 100 // characters
	maxPersonList  = 100
	maxQuietFrames = 50
)

// People lists the team by name.
func (a *App) People(ctx context.Context) ([]core.Person, error) { return a.people.People(ctx) }

// SavePerson adds a person when the ID is 0 and replaces it otherwise, and returns it as kept.
// When the person at this desk gets another name, the desk remembers the new one.
func (a *App) SavePerson(ctx context.Context, p core.Person) (core.Person, error) {
	const op = "app.person"
	p = tidyPerson(p)
	if problem := checkPerson(p); problem != "" {
		return p, core.NewError(core.CodeInvalid, op, problem+" Nothing was changed.", nil)
	}
	people, err := a.people.People(ctx)
	if err != nil {
		return p, err
	}
	if p.ID == 0 && len(people) >= maxPeople {
		return p, core.NewError(core.CodeInvalid, op, fmt.Sprintf("There are %d people already. Nothing was changed; remove somebody first.", len(people)), nil)
	}
	saved, err := a.people.SavePerson(ctx, p)
	if err != nil {
		return p, err
	}
	me := a.settings.Current().Notify.Me
	i := slices.IndexFunc(people, func(old core.Person) bool { return old.ID == saved.ID })
	if i >= 0 && me != "" && strings.EqualFold(people[i].Name, me) && saved.Name != me {
		err = a.changeSettings(ctx, func(s core.Settings) (core.Settings, error) {
			s.Notify.Me = saved.Name
			return s, nil
		})
	}
	return saved, joinErrors(err, a.readMe(ctx))
}

// DeletePerson removes a person; what they were told stays.
func (a *App) DeletePerson(ctx context.Context, id int64) error {
	if err := a.people.DeletePerson(ctx, id); err != nil {
		return err
	}
	return a.readMe(ctx)
}

// tidyPerson removes blanks around and repetitions among what was typed. No list is nil.
func tidyPerson(p core.Person) core.Person {
	p.Name, p.Email = strings.TrimSpace(p.Name), strings.TrimSpace(p.Email)
	p.Products, p.OwnerNames = tidyList(p.Products), tidyList(p.OwnerNames)
	if p.Role == "" {
		p.Role = core.RoleEngineer
	}
	if p.Quiet == nil {
		p.Quiet = []core.QuietFrame{}
	}
	return p
}

func tidyList(list []string) []string {
	tidy := make([]string, 0, len(list))
	for _, s := range list {
		s = strings.TrimSpace(s)
		if s != "" && !slices.ContainsFunc(tidy, func(t string) bool { return strings.EqualFold(s, t) }) {
			tidy = append(tidy, s)
		}
	}
	return tidy
}

// checkPerson says what is wrong with a person, for people; "" when nothing is.
func checkPerson(p core.Person) string {
	switch {
	case p.Name == "":
		return "Give the person a name."
	case utf8.RuneCountInString(p.Name) > maxPersonName:
		return fmt.Sprintf("The name is too long. Use at most %d characters.", maxPersonName)
	case hasControl(p.Name):
		return "The name has a line break or another control character in it. Remove it."
	case p.Role != core.RoleEngineer && p.Role != core.RoleLead:
		return fmt.Sprintf("%q is not a role. Use engineer or lead.", p.Role)
	case p.Mail && p.Email == "":
		return "Give an e-mail address, or do not tell this person by mail."
	}
	if p.Email != "" {
		if err := mail.CheckAddress(p.Email); err != nil {
			return core.ErrorMessage(err)
		}
	}
	for what, list := range map[string][]string{"products": p.Products, "owner names": p.OwnerNames} {
		if len(list) > maxPersonList {
			return fmt.Sprintf("There are %d %s. Use at most %d.", len(list), what, maxPersonList)
		}
		for _, s := range list {
			if utf8.RuneCountInString(s) > 2*maxPersonName || hasControl(s) {
				return fmt.Sprintf("One of the %s is longer than %d characters or has a control character in it. Correct it.", what, 2*maxPersonName)
			}
		}
	}
	return checkQuiet(p.Quiet)
}

func checkQuiet(frames []core.QuietFrame) string {
	if len(frames) > maxQuietFrames {
		return fmt.Sprintf("There are %d quiet hours. Use at most %d.", len(frames), maxQuietFrames)
	}
	const day = 24 * 60
	for _, f := range frames {
		if f.Day < time.Sunday || f.Day > time.Saturday || f.From < 0 || f.From >= day || f.To < 0 || f.To > day || f.From == f.To {
			return "One of the quiet hours does not begin and end at two times of a day. Write it like 18:00 to 08:00."
		}
	}
	return ""
}

func hasControl(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }
