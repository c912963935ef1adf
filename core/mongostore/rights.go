package mongostore

import (
	"context"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// The actions Deskwatch needs, by the names MongoDB's roles have for them. The first ones are
// enough to look and to watch.
var (
	readingRights = []string{"find", "listCollections", "listIndexes"}
	writingRights = []string{"insert", "update", "remove", "createCollection", "createIndex", "dropCollection"}
)

// privilege is one entry of connectionStatus.
type privilege struct {
	Resource struct {
		DB          *string `bson:"db"`
		Collection  *string `bson:"collection"`
		AnyResource bool    `bson:"anyResource"`
	} `bson:"resource"`
	Actions []string `bson:"actions"`
}

// covers reports whether the privilege is about a collection; "" in it means any.
func (p privilege) covers(db, collection string) bool {
	r := p.Resource
	if r.AnyResource {
		return true
	}
	return r.DB != nil && r.Collection != nil && (*r.DB == "" || *r.DB == db) && (*r.Collection == "" || *r.Collection == collection)
}

// rights says what the user may not do that Deskwatch will want to.
func (e *examination) rights(ctx context.Context) error {
	b := e.b
	var status struct {
		AuthInfo struct {
			Users      []bson.Raw  `bson:"authenticatedUsers"`
			Privileges []privilege `bson:"authenticatedUserPrivileges"`
		} `bson:"authInfo"`
	}
	err := b.db.RunCommand(ctx, bson.D{{Key: "connectionStatus", Value: 1}, {Key: "showPrivileges", Value: true}}).Decode(&status)
	if err != nil {
		if _, known := b.answered(err); !known {
			return err
		}
	}
	if len(status.AuthInfo.Privileges) == 0 {
		return e.tryRights(ctx)
	}
	allowed := func(action string) bool {
		// An import stages its rows in a collection of its own, which is named after its number.
		for _, name := range []string{b.fields.Orders, b.fields.Clients, b.imports().Name(), b.replaced().Name(), b.staged(0).Name()} {
			if action == "listCollections" { // a right on the database as a whole
				name = ""
			}
			if !slices.ContainsFunc(status.AuthInfo.Privileges, func(p privilege) bool {
				return p.covers(b.fields.Database, name) && slices.Contains(p.Actions, action)
			}) {
				return false
			}
		}
		return true
	}
	lacking := func(actions []string) (list []string) {
		for _, a := range actions {
			if !allowed(a) {
				list = append(list, a)
			}
		}
		return list
	}
	e.judge(lacking(readingRights), lacking(writingRights))
	return nil
}

// tryRights finds out by asking, for servers that do not list rights: a question for one
// document, and an update and a removal of a document that does not exist.
func (e *examination) tryRights(ctx context.Context) error {
	b := e.b
	nobody := bson.D{{Key: "_id", Value: ownField + ":rights"}}
	tries := []struct {
		right   string
		reading bool
		try     func(c *mongo.Collection) error
	}{
		{"find", true, func(c *mongo.Collection) error { return c.FindOne(ctx, nobody).Err() }},
		{"update", false, func(c *mongo.Collection) error {
			_, err := c.UpdateOne(ctx, nobody, bson.D{{Key: "$set", Value: bson.D{{Key: ownField, Value: nil}}}})
			return err
		}},
		{"remove", false, func(c *mongo.Collection) error { _, err := c.DeleteOne(ctx, nobody); return err }},
	}
	var reading, writing []string
	for _, t := range tries {
		for _, c := range []*mongo.Collection{b.orders(), b.clients(), b.imports(), b.replaced()} {
			err := t.try(c)
			if err == nil || err == mongo.ErrNoDocuments {
				continue
			}
			if _, known := b.answered(err); !known {
				return err
			}
			if t.reading && b.link.User == "" {
				return err // nobody is let in, so there is nothing else to find
			}
			if t.reading {
				reading = append(reading, t.right)
			} else {
				writing = append(writing, t.right)
			}
			break
		}
	}
	e.judge(reading, writing)
	return nil
}

// judge words what is lacking. To look only is a way to work with a database; to write only
// half is not.
func (e *examination) judge(reading, writing []string) {
	who := "The user " + e.b.link.User
	if e.b.link.User == "" {
		who = "Deskwatch, which signs in as nobody,"
	}
	const do = "Give it the role readWrite on the database, or the rights listed in docs/mongodb.md."
	switch {
	case len(reading) > 0:
		e.find(false, "rights", "%s lacks rights to read: %s. %s", who, strings.Join(reading, ", "), do)
	case len(writing) == 0:
		e.find(true, "rights", "%s may read and write.", who)
	case len(writing) == len(writingRights) || slices.Contains(writing, "update") && slices.Contains(writing, "remove"):
		e.find(true, "rights", "%s may read only. Breaches, orders and alerts work; imports, undo and changes to clients do not.", who)
	default:
		e.find(false, "rights", "%s lacks rights to write: %s. %s", who, strings.Join(writing, ", "), do)
	}
}
