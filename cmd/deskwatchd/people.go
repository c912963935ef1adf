package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deskwatch/core"
	"deskwatch/core/app"
)

func (s *session) peopleCommand() *cobra.Command {
	return group("people", "who is told of tickets", s.peopleListCommand(), s.peopleAddCommand(), s.peopleRemoveCommand())
}

func (s *session) peopleListCommand() *cobra.Command {
	return &cobra.Command{Use: "list", Short: "list the team", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.People(cmd.Context())
				if err != nil {
					return err
				}
				return s.print(list, func(w io.Writer) {
					line(w, "ID", "NAME", "ROLE", "E-MAIL", "MAIL", "PRODUCTS", "OWNER NAMES", "QUIET")
					for _, p := range list {
						line(w, p.ID, p.Name, p.Role, p.Email, p.Mail, strings.Join(p.Products, ","), strings.Join(p.OwnerNames, ","), quietText(p.Quiet))
					}
				})
			})
		}}
}

func (s *session) peopleAddCommand() *cobra.Command {
	p := core.Person{}
	var role string
	var quiet []string
	cmd := &cobra.Command{Use: "add NAME", Short: "add somebody to the team, or replace who has that name",
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			p.Name, p.Role = strings.TrimSpace(args[0]), core.Role(role)
			for _, text := range quiet {
				frames, err := parseQuiet(text)
				if err != nil {
					return usageError{err}
				}
				p.Quiet = append(p.Quiet, frames...)
			}
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.People(cmd.Context())
				if err != nil {
					return err
				}
				if i := personNamed(list, p.Name); i >= 0 {
					p.ID = list[i].ID
				}
				saved, err := desk.SavePerson(cmd.Context(), p)
				if err != nil {
					return err
				}
				return s.print(saved, func(w io.Writer) { fmt.Fprintf(w, "%s is in the team (%s).\n", saved.Name, saved.Role) })
			})
		}}
	fl := cmd.Flags()
	fl.StringVar(&p.Email, "email", "", "the e-mail address")
	fl.StringVar(&role, "role", string(core.RoleEngineer), "engineer or lead")
	fl.StringSliceVar(&p.Products, "products", nil, "the products whose new tickets they hear of, separated by commas")
	fl.StringSliceVar(&p.OwnerNames, "owners", nil, "how the sources name them as owner of a ticket, separated by commas")
	fl.BoolVar(&p.Mail, "mail", false, "tell them by mail as well")
	fl.StringArrayVar(&quiet, "quiet", nil, `when they are left in peace, such as "mon-fri 18:00-08:00" or "sat,sun"; repeat for more`)
	return cmd
}

func (s *session) peopleRemoveCommand() *cobra.Command {
	return &cobra.Command{Use: "remove NAME", Short: "remove somebody from the team", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.People(cmd.Context())
				if err != nil {
					return err
				}
				i := personNamed(list, args[0])
				if i < 0 {
					return core.NewError(core.CodeNotFound, "people.remove", fmt.Sprintf("Nobody in the team is called %q. deskwatchd people list shows who is.", args[0]), nil)
				}
				if err := desk.DeletePerson(cmd.Context(), list[i].ID); err != nil {
					return err
				}
				return s.print(list[i], func(w io.Writer) { fmt.Fprintf(w, "%s is removed.\n", list[i].Name) })
			})
		}}
}

func personNamed(list []core.Person, name string) int {
	return slices.IndexFunc(list, func(p core.Person) bool { return strings.EqualFold(p.Name, strings.TrimSpace(name)) })
}

func (s *session) noticesCommand() *cobra.Command {
	return group("notices", "what people were told of tickets", s.noticesListCommand())
}

func (s *session) noticesListCommand() *cobra.Command {
	q := core.NoticeQuery{Limit: 100}
	cmd := &cobra.Command{Use: "list", Short: "list what people were and are to be told, newest first", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.withDesk(cmd.Context(), func(desk *app.App) error {
				list, err := desk.Notices(cmd.Context(), q)
				if err != nil {
					return err
				}
				return s.print(list, func(w io.Writer) {
					line(w, "AT", "KIND", "TO", "VIA", "TOLD", "TEXT")
					for _, n := range list {
						told := n.How
						if n.Told.IsZero() {
							told = "waits"
						}
						line(w, n.At.Local().Format("2006-01-02 15:04:05"), n.Kind, n.Person, n.Via, told, n.Text)
					}
				})
			})
		}}
	cmd.Flags().IntVar(&q.Limit, "limit", q.Limit, "how many at most, up to 1000")
	return cmd
}

// weekdays are the names of the days, from Sunday.
func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// parseQuiet reads "DAYS" or "DAYS FROM-TO": days as "mon-fri", "sat,sun" or "daily", times as
// "18:00-08:00", which ends on the next day. Without times the whole days are meant.
func parseQuiet(text string) ([]core.QuietFrame, error) {
	wrong := fmt.Errorf(`--quiet %q is not written like "mon-fri 18:00-08:00"`, text)
	words := strings.Fields(strings.ToLower(text))
	if len(words) == 0 || len(words) > 2 {
		return nil, wrong
	}
	from, to := 0, 24*60
	if len(words) == 2 {
		first, last, ok := strings.Cut(words[1], "-")
		if from, to = wallMinute(first), wallMinute(last); !ok || from < 0 || from == 24*60 || to < 0 || from == to {
			return nil, wrong
		}
	}
	var frames []core.QuietFrame
	for _, part := range strings.Split(words[0], ",") {
		first, last, isRange := strings.Cut(part, "-")
		if part == "daily" {
			first, last, isRange = "sun", "sat", true
		}
		if !isRange {
			last = first
		}
		begin, end := slices.Index(weekdays(), first), slices.Index(weekdays(), last)
		if begin < 0 || end < 0 {
			return nil, wrong
		}
		for day := begin; ; day = (day + 1) % 7 {
			frames = append(frames, core.QuietFrame{Day: time.Weekday(day), From: from, To: to})
			if day == end {
				break
			}
		}
	}
	return frames, nil
}

// wallMinute reads "18:00" up to "24:00" as minutes since midnight; -1 for anything else.
func wallMinute(text string) int {
	h, m, ok := strings.Cut(text, ":")
	hour, err := strconv.ParseUint(h, 10, 8)
	minute, err2 := strconv.ParseUint(m, 10, 8)
	if !ok || err != nil || err2 != nil || len(m) != 2 || minute > 59 || hour*60+minute > 24*60 {
		return -1
	}
	return int(hour*60 + minute)
}

// quietText writes quiet hours as parseQuiet reads them, a day each.
func quietText(frames []core.QuietFrame) string {
	parts := make([]string, len(frames))
	for i, f := range frames {
		parts[i] = fmt.Sprintf("%s %02d:%02d-%02d:%02d", weekdays()[f.Day], f.From/60, f.From%60, f.To/60, f.To%60)
	}
	return strings.Join(parts, "; ")
}
