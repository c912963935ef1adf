package mongostore

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"deskwatch/core"
)

// The server's error codes that mean the same to a person stand in one row; of several codes
// in one answer the uppermost row counts. The codes are those of MongoDB's error_codes.yml.
type answer struct {
	codes []int
	explained
}

func answers() []answer {
	const settings = " in Settings, Order book."
	return []answer{
		{[]int{334}, explained{core.CodeDenied, "The server does not know this way to sign in.", "Check authMechanism in the connection string" + settings}},
		{[]int{10334, 17419, 17420}, tooLarge()},
		{[]int{14031}, explained{core.CodeUnavailable, "The disk of the MongoDB server is full.", "Free some space there and try again."}},
		{[]int{121}, explained{core.CodeDenied, "The collection has a validation rule that refuses the documents Deskwatch writes.", "Tell whoever runs the database; docs/mongodb.md shows the documents."}},
		{[]int{61, 31025, 31041}, explained{core.CodeInvalid, "The collection is sharded by a key Deskwatch's writes do not name.", "Shard it by the order id, as docs/mongodb.md says."}},
		{[]int{166}, explained{core.CodeInvalid, "The collection is a view, which cannot be written to.", "Name the collection behind it" + settings}},
		{[]int{59, 115, 168, 304, 40324, 31325}, explained{core.CodeInvalid, "The server does not know something Deskwatch asks of it.", "Deskwatch needs MongoDB 6.0 or newer; Test connection in Settings, Order book, shows the version."}},
		{[]int{50, 262, 290}, explained{core.CodeUnavailable, "The server needed longer than the time limit and stopped the question.", "Create the missing indexes (Test connection lists them), or raise the time limit" + settings}},
		{[]int{146, 292}, explained{core.CodeUnavailable, "The server has not enough memory for this question.", "Create the missing indexes (Test connection in Settings, Order book, lists them)."}},
		{[]int{11000, 11001, 12582}, explained{core.CodeConflict, "The database holds another document with the same key.", "If the collection has a unique index of its own, Deskwatch cannot share it; otherwise try again."}},
		{[]int{85, 86}, explained{core.CodeConflict, "The collection has an index of the same name or keys with other options.", "Tell whoever runs the database; docs/mongodb.md lists the indexes Deskwatch wants."}},
		{[]int{10107, 10058, 13435, 13436, 189, 91, 11600, 11602}, explained{core.CodeUnavailable, "The MongoDB server is shutting down, or the cluster is choosing a new primary.", "Try again in a minute."}},
		{[]int{64, 79, 100}, explained{core.CodeUnavailable, "Too few members of the replica set took the change to call it safe.", "Try again when they are up."}},
		{[]int{43, 175, 237}, explained{core.CodeUnavailable, "The server gave the question up half-way.", doLater}},
		{[]int{6, 7, 89, 9001, 134, 16500, 462, 136}, explained{core.CodeUnavailable, "The MongoDB cluster has trouble of its own.", doLater}},
	}
}

// answered explains what the server itself answered.
func (b *Book) answered(err error) (explained, bool) {
	var server mongo.ServerError
	if !errors.As(err, &server) {
		return explained{}, false
	}
	codes, text := server.ErrorCodes(), server.Error()
	has := func(code int) bool { return slices.Contains(codes, code) }
	// A hosted database answers much with 8000 and says in words what it means.
	hosted := func(words string) bool { return has(8000) && strings.Contains(strings.ToLower(text), words) }
	switch {
	case has(18), has(11), hosted("bad auth"), hosted("authentication failed"):
		return b.wrongPassword(), true
	case has(13), hosted("not allowed"), hosted("not authorized"):
		return b.unauthorised(text), true
	case hosted("quota"), strings.Contains(text, "No space left on device"):
		return explained{core.CodeUnavailable, "The disk or quota of the MongoDB server is full.", "Free some space there and try again."}, true
	case has(20) && strings.Contains(strings.ToLower(text), "transaction numbers"), strings.Contains(text, "retryWrites=false"):
		return explained{core.CodeInvalid, "The server does not support retryable writes.", "Put retryWrites=false into the connection string in Settings, Order book."}, true
	}
	for _, a := range answers() {
		if slices.ContainsFunc(a.codes, has) {
			return a.explained, true
		}
	}
	return explained{}, false
}

// refusedCommand finds database and command in the server's refusal, hosted or not.
var (
	refusedCommand = regexp.MustCompile(`not authorized on (\S{1,64}) to execute command \{ ?"?(\w{1,40})`)
	refusedAction  = regexp.MustCompile(`not allowed to do action \[(\w{1,40})\] on \[([^\]]{1,200})\]`)
)

// unauthorised names the right that is missing.
func (b *Book) unauthorised(text string) explained {
	user := "The user of the order database"
	if b.link != nil && b.link.User != "" {
		user = "The user " + b.link.User
	}
	e := explained{core.CodeDenied, user + " may not do this there.", "Give it the role readWrite on the database, or the rights listed in docs/mongodb.md."}
	if strings.Contains(text, "requires authentication") || strings.Contains(text, "not authenticated") {
		e.what, e.do = "The MongoDB server wants its users to sign in.", "Put the user into the connection string and enter the password in Settings, Order book."
	} else if m := refusedCommand.FindStringSubmatch(text); m != nil {
		e.what = user + " lacks the right " + rightFor(m[2]) + " on the database " + m[1] + "."
	} else if m := refusedAction.FindStringSubmatch(text); m != nil {
		e.what = user + " lacks the right " + m[1] + " on " + m[2] + "."
	}
	return e
}

// rightFor is the action a command needs, by its name in MongoDB's roles.
func rightFor(command string) string {
	switch command {
	case "aggregate", "count", "distinct", "getMore":
		return "find"
	case "delete":
		return "remove"
	case "findAndModify":
		return "update"
	case "createIndexes":
		return "createIndex"
	case "create":
		return "createCollection"
	}
	return command
}
