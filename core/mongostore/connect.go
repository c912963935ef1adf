package mongostore

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Open prepares the order book. It does not connect: the first question does, and an
// unreachable server is that question's error. What is wrong with the address is an error here.
func Open(opt Options) (*Book, error) {
	b := &Book{opt: opt, fields: opt.Settings}
	o := options.Client().ApplyURI(opt.Settings.URI).SetServerSelectionTimeout(time.Duration(opt.Settings.TimeoutSeconds) * time.Second)
	client, err := mongo.Connect(o)
	if err != nil {
		return nil, b.fault("mongostore.open", "", err)
	}
	b.client, b.db = client, client.Database(opt.Settings.Database)
	return b, nil
}

// Close ends the connections.
func (b *Book) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return b.fault("mongostore.close", "", b.client.Disconnect(ctx))
}
