# First boot of the old system's host: PostgreSQL with the seeded table, the application behind nginx, as the county set it up years ago.
set -e
cd /run/boot
useradd --system --no-create-home --shell /usr/sbin/nologin xyapp
password=$(head -c 18 /dev/urandom | base64 | tr '+/' 'ab')

install -d /opt/xy-app
install -m 644 app.py /opt/xy-app/app.py
install -m 640 -g xyapp /dev/stdin /etc/xy-app.conf <<END
[database]
dsn = host=127.0.0.1 port=5432 dbname=records user=xyapp password=$password
[http]
listen = 127.0.0.1
port = 8000
END
install -m 755 xy-app.init /etc/init.d/xy-app
install -m 644 nginx.conf /etc/nginx/sites-available/xy-app
ln -s ../sites-available/xy-app /etc/nginx/sites-enabled/xy-app
update-rc.d xy-app defaults

folder=$(ls -d /etc/postgresql/*/main)
echo "listen_addresses = '*'" > $folder/conf.d/lan.conf
echo 'host all all samenet scram-sha-256' >> $folder/pg_hba.conf
service postgresql start
cd /
runuser -u postgres -- psql -qX -v ON_ERROR_STOP=1 -c "create role xyapp login password '$password'" -c 'create database records owner xyapp'
runuser -u postgres -- psql -qX -v ON_ERROR_STOP=1 --single-transaction -d records < /run/boot/schema.sql
