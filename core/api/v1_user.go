package api

import (
	"context"
	"net/http"
	"time"

	"deskwatch/core"
)

func (s *Server) userRoutes() []*route {
	add := operation(http.MethodPost, v1+"/users", core.EditUsers, userTag, "Add a user", s.addUser)
	save := operation(http.MethodPut, v1+"/users/{id}", core.EditUsers, userTag, "Replace a user", s.saveUser)
	save.text = "All of it but the password: without one, the old one stays; an empty one takes it away. The last active admin stays one."
	create := operation(http.MethodPost, v1+"/tokens", core.EditUsers, userTag, "Make a long-lived token", s.createToken)
	create.text = "Its text is in this answer and in no other ever again."
	add.created, create.created = true, true
	return []*route{
		operation(http.MethodGet, v1+"/users", core.ReadUsers, userTag, "The users, by name", s.users),
		add, save,
		operation(http.MethodDelete, v1+"/users/{id}", core.EditUsers, userTag, "Forget a user and their tokens", s.deleteUser),
		operation(http.MethodGet, v1+"/tokens", core.EditUsers, userTag, "The long-lived tokens of all users, newest first", s.tokens),
		create,
		operation(http.MethodDelete, v1+"/tokens/{id}", core.EditUsers, userTag, "Revoke a token", s.revokeToken),
	}
}

type userList struct {
	Items []core.User `json:"items"`
}

func (s *Server) users(ctx context.Context, _ *struct{}) (*body[userList], error) {
	list, err := s.Desk.Users(ctx)
	return answerWith(userList{orEmpty(list)}, err)
}

// userWish is a user as somebody wants them to be.
type userWish struct {
	Name        string            `json:"name" minLength:"1" maxLength:"200" doc:"what they sign in with"`
	DisplayName string            `json:"display_name,omitempty" maxLength:"200"`
	Email       string            `json:"email,omitempty" maxLength:"500"`
	Role        core.Role         `json:"role" enum:"admin,lead,engineer,collector"`
	Active      *bool             `json:"active,omitempty" doc:"false: neither signs in nor is told; true when left out"`
	Password    *string           `json:"password,omitempty" maxLength:"1000" doc:"left out: the old one stays; empty: none, and they cannot sign in"`
	Products    []string          `json:"products,omitempty" maxItems:"1000" doc:"whose new tickets they hear of"`
	Owners      []string          `json:"owners,omitempty" maxItems:"1000" doc:"their names in the ticket sources"`
	Mail        bool              `json:"mail,omitempty" doc:"told by mail as well"`
	Quiet       []core.QuietFrame `json:"quiet,omitempty" maxItems:"100" doc:"when they are left in peace: day 0 is Sunday, minutes since midnight"`
}

func (u userWish) user(id int64) (core.User, *core.Secret) {
	user := core.User{
		Person:      core.Person{ID: id, Name: u.Name, Email: u.Email, Role: u.Role, Products: orEmpty(u.Products), OwnerNames: orEmpty(u.Owners), Mail: u.Mail, Quiet: orEmpty(u.Quiet)},
		DisplayName: u.DisplayName, Active: u.Active == nil || *u.Active,
	}
	if u.Password == nil {
		return user, nil
	}
	p := core.NewSecret(*u.Password)
	return user, &p
}

type addUserIn struct{ Body userWish }

func (s *Server) addUser(ctx context.Context, in *addUserIn) (*body[core.User], error) {
	u, password := in.Body.user(0)
	return answerWith(s.Desk.SaveUser(ctx, u, password))
}

type saveUserIn struct {
	IDIn
	Body userWish
}

func (s *Server) saveUser(ctx context.Context, in *saveUserIn) (*body[core.User], error) {
	u, password := in.Body.user(in.ID)
	return answerWith(s.Desk.SaveUser(ctx, u, password))
}

func (s *Server) deleteUser(ctx context.Context, in *IDIn) (*nothing, error) {
	return done(s.Desk.DeleteUser(ctx, in.ID))
}

type tokenList struct {
	Items []core.Token `json:"items"`
}

func (s *Server) tokens(ctx context.Context, _ *struct{}) (*body[tokenList], error) {
	list, err := s.Desk.Tokens(ctx)
	return answerWith(tokenList{orEmpty(list)}, err)
}

type createTokenIn struct {
	Body struct {
		User    string       `json:"user" minLength:"1" maxLength:"200" doc:"whose it is: a name"`
		Name    string       `json:"name" minLength:"1" maxLength:"200" doc:"what it is for" example:"collector in Madrid"`
		Scopes  []core.Scope `json:"scopes" minItems:"1" maxItems:"4" doc:"upload, read, work, all"`
		Expires time.Time    `json:"expires,omitzero" doc:"left out: never"`
	}
}

type madeToken struct {
	core.Token
	Text string `json:"token" doc:"the token itself, shown here only"`
}

func (s *Server) createToken(ctx context.Context, in *createTokenIn) (*body[madeToken], error) {
	b := in.Body
	t, text, err := s.Desk.CreateToken(ctx, core.NewToken{User: b.User, Name: b.Name, Scopes: b.Scopes, Expires: b.Expires})
	return answerWith(madeToken{t, text.Reveal()}, err)
}

func (s *Server) revokeToken(ctx context.Context, in *IDIn) (*nothing, error) {
	return done(s.Desk.RevokeToken(ctx, in.ID))
}
