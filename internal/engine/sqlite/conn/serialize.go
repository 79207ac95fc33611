package conn

import (
	"context"
	"database/sql"
	"errors"
)

// Serializer has methods of the driver's connection that database/sql does not have.
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

// Deserialize replaces the database of a guarded pool with the one in image.
func Deserialize(ctx context.Context, pool *sql.DB, image []byte) error {
	c, err := pool.Conn(ctx)
	if err != nil {
		return Translate(err)
	}
	err = serializer(c, func(s Serializer) error { return s.Deserialize(image) })
	return Translate(errors.Join(err, c.Close())) // Close returns it to the pool
}

// serializer calls fn with the driver's connection of c.
func serializer(c *sql.Conn, fn func(Serializer) error) error {
	return c.Raw(func(raw any) error { return fn(raw.(*guardedConn).Conn.(Serializer)) })
}
