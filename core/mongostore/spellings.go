package mongostore

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"deskwatch/core"
)

const (
	maxSpellings = 100_000
	longestList  = 1000 // values in one $in
)

// spellings lists how the status field is spelled in the documents, exactly.
func (b *Book) spellings(ctx context.Context) ([]string, error) {
	answer := b.orders().Distinct(ctx, b.fields.Status, bson.D{})
	if err := answer.Err(); tooLargeAnswer(err) {
		return b.manySpellings(ctx)
	} else if err != nil {
		return nil, err // which Decode would replace by its own
	}
	var values []bson.RawValue
	if err := answer.Decode(&values); err != nil {
		return nil, err
	}
	var list []string
	for _, v := range values {
		if s, ok := v.StringValueOK(); ok {
			list = append(list, s)
		}
	}
	return list, nil
}

// manySpellings lists spellings that are too many for one document of the server's.
func (b *Book) manySpellings(ctx context.Context) ([]string, error) {
	var list []string
	err := b.aggregate(ctx, b.orders(), bson.A{
		stage("$match", bson.D{{Key: b.fields.Status, Value: bson.D{{Key: "$type", Value: "string"}, {Key: "$not", Value: bson.D{{Key: "$type", Value: "array"}}}}}}),
		stage("$group", bson.D{{Key: "_id", Value: "$" + b.fields.Status}}),
		stage("$limit", maxSpellings+1),
	}, func(doc bson.Raw) error {
		if len(list) == maxSpellings {
			return core.NewError(core.CodeInvalid, "mongostore.statuses", fmt.Sprintf(
				"The field %s holds more than %d different values, so it cannot be the status of an order. Nothing was changed. Correct its name in Settings, Order book.",
				b.fields.Status, maxSpellings), nil)
		}
		list = append(list, doc.Lookup("_id").StringValue())
		return nil
	})
	return list, err
}

// spelled lists the spellings that mean one of the statuses.
func (b *Book) spelled(ctx context.Context, statuses core.StatusSet) ([]string, error) {
	all, err := b.spellings(ctx)
	if err != nil {
		return nil, err
	}
	words, list := b.opt.Vocabulary(), []string{}
	for _, raw := range all {
		if status, _ := words.Status(raw); statuses.Has(status) {
			list = append(list, raw)
		}
	}
	return list, nil
}

// isOneOf matches documents whose field is one of the values, in lists of bounded length.
func isOneOf(field string, values []string) bson.D {
	if len(values) == 1 {
		return bson.D{{Key: field, Value: values[0]}}
	}
	if len(values) <= longestList {
		return bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: values}}}}
	}
	var parts bson.A
	for len(values) > 0 {
		n := min(len(values), longestList)
		parts = append(parts, bson.D{{Key: field, Value: bson.D{{Key: "$in", Value: values[:n]}}}})
		values = values[n:]
	}
	return bson.D{{Key: "$or", Value: parts}}
}

// tooLargeAnswer reports whether the server could not do it because one document it was to
// make would have been too large, or the memory of one step: for a distinct 17217, for a group
// that keeps a set 146 and 10334, 17419, 17420.
func tooLargeAnswer(err error) bool { return hasCode(err, 17217, 146, 10334, 17419, 17420) }

// unknownOperator reports whether the server is too old for an operator, or another make.
func unknownOperator(err error) bool { return hasCode(err, 15952, 168, 31325, 40324, 115, 238) }

func hasCode(err error, codes ...int) bool {
	var server mongo.ServerError
	if !errors.As(err, &server) {
		return false
	}
	for _, code := range codes {
		if server.HasErrorCode(code) {
			return true
		}
	}
	return false
}
