// Recordings whose initial state is a time, as Go tests make them: by the real Recorder, with the bytes of
// time.Time.MarshalBinary, and read back by the real Replayer.
//
//	gotimes write FOLDER  writes a recording a zone and prints a line for each: file, state in hexadecimal, time, zone
//	gotimes read FILE...  prints a line for each: state in hexadecimal, time, what Go writes for that time
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"
	_ "time/tzdata"

	"cloud.google.com/go/rpcreplay"
)

// RFC 3339, but for UTC alone "Z", with the seconds of a zone that has any, and a sign where a year has five digits.
func text(t time.Time) string {
	sign := ""
	if t.Year() > 9999 {
		sign = "+"
	}
	return sign + t.Format("2006-01-02T15:04:05.999999999") + zoneText(t)
}

func zoneText(t time.Time) string {
	if t.Location() == time.UTC {
		return "Z"
	}
	_, offset := t.Zone()
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	zone := fmt.Sprintf("%s%02d:%02d", sign, offset/3600, offset/60%60)
	if offset%60 != 0 {
		zone += fmt.Sprintf(":%02d", offset%60)
	}
	return zone
}

func in(zone string, year int, month time.Month, day, hour, minute, second, nanosecond int) time.Time {
	location, err := time.LoadLocation(zone)
	if err != nil {
		log.Fatal(err)
	}
	return time.Date(year, month, day, hour, minute, second, nanosecond, location)
}

type zoned struct {
	name string
	time time.Time
}

func times() []zoned {
	return []zoned{
		{"UTC", time.Date(2019, 5, 12, 14, 18, 56, 6, time.UTC)},
		{"the zero time", time.Time{}},
		{"the last year of four digits", time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)},
		{"1970 in a fixed zone", time.Unix(0, 0).In(time.FixedZone("", 3600))},
		{"here and now, with a monotonic clock", time.Now()},
		{"London in winter, at UTC but not in it", in("Europe/London", 2021, 1, 31, 0, 0, 0, 1)},
		{"London in summer", in("Europe/London", 2021, 7, 31, 12, 0, 0, 10)},
		{"Berlin, before the clock goes back", in("Europe/Berlin", 2021, 10, 31, 1, 59, 59, 120000000)},
		{"Los Angeles", in("America/Los_Angeles", 2024, 2, 29, 23, 59, 59, 999999999)},
		{"St. John's, half an hour off", in("America/St_Johns", 2000, 1, 1, 0, 0, 0, 0)},
		{"Kolkata", in("Asia/Kolkata", 2038, 1, 19, 8, 44, 8, 5)},
		{"Kathmandu, a quarter of an hour off", in("Asia/Kathmandu", 2022, 6, 1, 3, 4, 5, 67)},
		{"Chatham Islands", in("Pacific/Chatham", 2022, 12, 24, 18, 0, 0, 0)},
		{"Kiritimati, the farthest east", in("Pacific/Kiritimati", 2022, 12, 31, 23, 0, 0, 0)},
		{"Niue, the farthest west", in("Pacific/Niue", 2022, 12, 31, 23, 0, 0, 0)},
		{"Apia, a day after the one it skipped", in("Pacific/Apia", 2011, 12, 31, 0, 0, 0, 0)},
		{"Amsterdam of old, with seconds", in("Europe/Amsterdam", 1930, 2, 3, 4, 5, 6, 7)},
		{"Paris of old, with seconds", in("Europe/Paris", 1900, 1, 1, 0, 0, 0, 0)},
		{"Monrovia of old, seconds west", in("Africa/Monrovia", 1950, 1, 1, 0, 0, 0, 500)},
		{"New York by the sun", in("America/New_York", 1850, 3, 4, 5, 6, 7, 8)},
		{"Manila by the sun, before it changed sides", in("Asia/Manila", 1800, 1, 1, 0, 0, 0, 0)},
		{"seconds of a zone alone, west", time.Unix(1e9, 1).In(time.FixedZone("", -30))},
		{"a year of five digits", time.Date(12019, 5, 12, 14, 18, 56, 0, time.UTC)},
		{"a year below 0", time.Date(-44, 3, 15, 12, 0, 0, 0, time.UTC)},
	}
}

func write(folder string) {
	for i, one := range times() {
		state, err := one.time.MarshalBinary()
		if err != nil {
			log.Fatal(err)
		}
		file := filepath.Join(folder, fmt.Sprintf("%02d.replay", i))
		recorder, err := rpcreplay.NewRecorder(file, state)
		if err != nil {
			log.Fatal(err)
		}
		if err := recorder.Close(); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s\t%x\t%s\t%s\n", file, state, text(one.time), one.name)
	}
}

func read(file string) {
	replayer, err := rpcreplay.NewReplayer(file)
	if err != nil {
		log.Fatal(err)
	}
	defer replayer.Close()
	var t time.Time
	if err := t.UnmarshalBinary(replayer.Initial()); err != nil {
		log.Fatal(err)
	}
	again, err := t.MarshalBinary()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%x\t%s\t%x\n", replayer.Initial(), text(t), again)
}

func main() {
	log.SetFlags(0)
	switch {
	case len(os.Args) == 3 && os.Args[1] == "write":
		write(os.Args[2])
	case len(os.Args) > 2 && os.Args[1] == "read":
		for _, file := range os.Args[2:] {
			read(file)
		}
	default:
		log.Fatal("usage: gotimes write FOLDER | gotimes read FILE...")
	}
}
