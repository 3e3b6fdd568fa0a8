-- The user that the frontend's requests belong to.

insert into users (id, email, full_name)
values (1, 'demo@hr-assist.localhost', 'Demo Recruiter')
on conflict do nothing;

-- The next user must not be given the id that was set by hand.
select setval(pg_get_serial_sequence('users', 'id'), greatest((select max(id) from users), 1));
