-- Speeds and turns as the benchmark's own engine has them, for osrm-extract.
--
-- OSRM counts time in whole tenths of its second. Here one such tenth stands for a millisecond, so that nothing is lost by
-- rounding: the way's tag "ms" holds milliseconds, and a tenth of that is what OSRM is told. TURNS is written in front of
-- this file by the benchmark: false, or a table with the seconds of a turn by its angle.

api_version = 4

function setup()
  return {
    properties = {
      weight_name = 'duration',
      u_turn_penalty = 0,
      traffic_light_penalty = 0,
      use_turn_restrictions = false,
      continue_straight_at_waypoint = false,
      left_hand_driving = false,
    },
  }
end

function process_node(profile, node, result, relations)
end

function process_way(profile, way, result, relations)
  local ms = tonumber(way:get_value_by_key('ms'))
  result.duration = ms / 10
  result.weight = ms / 10
  result.forward_speed = 1
  result.backward_speed = 1
  result.forward_mode = mode.driving
  result.backward_mode = way:get_value_by_key('oneway') == 'yes' and mode.inaccessible or mode.driving
end

function process_turn(profile, turn)
  local seconds = 0
  if TURNS and turn.number_of_roads >= TURNS.least_roads then
    if turn.is_u_turn then
      seconds = TURNS.back_s
    elseif math.abs(turn.angle) <= TURNS.straight_deg then
      seconds = TURNS.straight_s
    elseif turn.angle > 0 then
      seconds = TURNS.positive_s
    else
      seconds = TURNS.negative_s
    end
  end
  turn.duration = seconds * 100
  turn.weight = turn.duration
end

return {
  setup = setup,
  process_node = process_node,
  process_way = process_way,
  process_turn = process_turn,
}
