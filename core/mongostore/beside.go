package mongostore

import (
	"go.mongodb.org/mongo-driver/v2/bson"
)

// sameBeside reports whether another program's document says of the order what its row does.
func (s *settling) sameBeside(doc bson.Raw, o *stagedOrder) bool {
	if o.Amount != nil || o.Lines != nil {
		return false
	}
	day, ok := dayOf(doc.Lookup(s.im.b.fields.Date))
	if !ok || int32(day) != o.Day {
		return false
	}
	raw, ok := doc.Lookup(s.im.b.fields.Status).StringValueOK()
	if !ok || raw != statusText(o.Raw, o.Status) {
		return false
	}
	status, _ := s.vocabulary.Status(raw)
	return status.String() == o.Status
}
