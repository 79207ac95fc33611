package conn

import (
	"context"
	"database/sql"
	"errors"
)

// Serializer is what the driver's connection offers beyond database/sql.
type Serializer interface {
	Serialize() ([]byte, error)
	Deserialize([]byte) error
}

// Serialize returns the database of a guarded connection as the bytes of a file.
func Serialize(c *sql.Conn) (image []byte, err error) {
	err = serializer(c, func(s Serializer) error {
		image, err = s.Serialize()
		return err
	})
	return image, Translate(err)
}

// Deserialize replaces the database of the guarded pool by that of the image.
func Deserialize(ctx context.Context, pool *sql.DB, image []byte) error {
	c, err := pool.Conn(ctx)
	if err != nil {
		return Translate(err)
	}
	err = serializer(c, func(s Serializer) error { return s.Deserialize(image) })
	return Translate(errors.Join(err, c.Close())) // it goes back to the pool
}

// serializer hands fn the driver's connection below c.
func serializer(c *sql.Conn, fn func(Serializer) error) error {
	return c.Raw(func(raw any) error { return fn(raw.(*guardedConn).Conn.(Serializer)) })
}
