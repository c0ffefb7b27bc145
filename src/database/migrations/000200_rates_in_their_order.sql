-- A rate's window is looked at after its row is locked. 000060 read the clock first and then waited for the row: an attempt that another had overtaken found a window that
-- ended later than one of its own could, took it for a leftover of a clock that was ahead, and began it anew. Attempts that came at once could so have more than the limit.

create or replace function weir.take_rate_token(key text, limit_per_window integer, window_seconds integer)
returns table (allowed boolean, remaining integer, resets_at timestamptz)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  moment timestamptz;
  ends timestamptz;
  held weir.rate_limit_windows;
begin
  if limit_per_window < 1 or window_seconds not between 1 and 86400 then
    raise exception 'a rate of % in % seconds can''t be kept', limit_per_window, window_seconds using errcode = 'invalid_parameter_value';
  end if;
  loop
    select * into held from weir.rate_limit_windows w where w.key = take_rate_token.key for update;
    -- Not now(), and not before the lock: an attempt that waited is judged by the time it is let in.
    moment := clock_timestamp();
    ends := moment + make_interval(secs => window_seconds);
    if found then
      if held.resets_at <= moment or held.resets_at > ends then
        held.window_start := moment;
        held.resets_at := ends;
        held.used := 0;
      end if;
      if held.used >= limit_per_window then
        return query select false, 0, held.resets_at;
        return;
      end if;
      update weir.rate_limit_windows w
        set window_start = held.window_start, resets_at = held.resets_at, used = held.used + 1
        where w.key = take_rate_token.key;
      return query select true, limit_per_window - held.used - 1, held.resets_at;
      return;
    end if;
    insert into weir.rate_limit_windows (key, window_start, resets_at, used) values (take_rate_token.key, moment, ends, 1)
      on conflict do nothing;
    if found then
      return query select true, limit_per_window - 1, ends;
      return;
    end if;
    -- Somebody else was first; their row is there to be locked now, or gone again.
  end loop;
end
$$;
